/*
The ledger, newest load first. Grain: one row per loaded file.
*/
select
    load_id,
    loaded_at,
    file,
    source,
    form,
    exported_at,
    "rows",
    rows_accepted,
    rows_rejected,
    tickets_new,
    tickets_updated,
    tickets_unchanged,
    events_new,
    events_known,
    build,
    undone_at
from loads
order by load_id desc, file
