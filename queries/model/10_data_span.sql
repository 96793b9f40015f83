-- One row: the first opening, and the moment of the newest export. "Now" for every open ticket.
create or replace table data_span as
select
    min(opened_at) as first_at,
    coalesce(max(exported_at), max(updated_at), max(opened_at)) as data_at
from tickets;
