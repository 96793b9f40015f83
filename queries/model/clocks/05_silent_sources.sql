-- One row per source whose exports tell nothing of answers, neither comments nor a first response.
create or replace temp table silent_sources as
select source
from tickets
group by source
having count(first_response_at) = 0
    and source not in (
        select distinct tickets.source
        from ticket_events
        join tickets on tickets.ticket_id = ticket_events.ticket_id
        where field = 'public_comment'
            and tickets.source is not null
    );
