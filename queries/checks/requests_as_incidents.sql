/*
label       = "Service requests logged as incidents"
explanation = """
An incident whose title, category or subcategory asks (request, please add, would like, how do I,
password reset, access to, permission, licence, installation, new user ..., or the same in Spanish,
French, Portuguese or German) and does not say that something fails (error, not, cannot, no longer,
down ...) is no failure. The rule reads words only: look at the tickets before you believe it.
"""
among       = "incidents"

[affects]
mttr                     = "excluded"
sla_compliance           = "excluded"
first_contact_resolution = "excluded"
repeat_incident_rate     = "excluded"
mtbf                     = "excluded"
availability             = "excluded"
*/
with words as (
    select
        counted_tickets.ticket_id,
        lower(concat_ws(' / ', tickets.title, tickets.category, tickets.subcategory)) as said
    from counted_tickets
    inner join tickets on tickets.ticket_id = counted_tickets.ticket_id
    where counted_tickets.kind = 'incident'
),

asked as (
    select
        ticket_id,
        said,
        regexp_extract(
            said,
            '\b(request(ed|s)?|password reset|reset (of )?(the |my )?password|permissions?'
            '|licen[cs]es?|installation|install|new (user|joiner|starter|employee)|onboarding'
            '|please (add|create|grant|give|install|order|provide|set up)|would like|new account'
            '|create (a |an )?(new )?(user|account|mailbox|group|accounts)|equipment for|how (do|can) i'
            '|access to|access rights|solicit(ud|o|amos)|necesito|quisiera|instalar|petici[oó]n|alta de usuario|restablecer contrase'
            '|permisos?|instalaci[oó]n|demande|acc[eè]s [aà]|r[eé]initialis|requisi[cç][aã]o'
            '|solicita[cç][aã]o|instala[cç][aã]o|anfrage|anforderung|bestellung|zugriff auf'
            '|passwort zur[uü]cksetzen|berechtigung)'
        ) as word
    from words
)

select
    ticket_id,
    'says "' || word || '"' as detail
from asked
where word <> ''
    and not regexp_matches(
        said,
        '\b(error|errors|not|no access|no longer|any ?more|fail(s|ed|ing|ure)?|cannot|can''t|can not|could not|unable|denied|broken'
        '|doesn''t work|down|slow|crash(es|ed)?|stuck|lost|missing|expired'
        '|no funciona|sin acceso|falla|fallo|no puede|no se puede|impossible|ne fonctionne|erreur|n[aã]o'
        '|erro|falha|fehler|geht nicht|funktioniert nicht|defekt|kaputt)\b'
    )
