/*
label       = "Service requests logged as incidents"
explanation = """
An incident whose title, category or subcategory says request, password reset, access, permission,
licence, installation, new user or joiner (or the same in Spanish, French, Portuguese or German) asks
for something; nothing failed. The rule reads words only: look at the tickets before you believe it.
"""
among       = "incidents"

[affects]
mttr                     = "excluded"
sla_compliance           = "excluded"
first_contact_resolution = "excluded"
repeat_incident_rate     = "excluded"
*/
with words as (
    select
        counted_tickets.ticket_id,
        lower(concat_ws(' / ', tickets.title, tickets.category, tickets.subcategory)) as said
    from counted_tickets
    inner join tickets on tickets.ticket_id = counted_tickets.ticket_id
    where counted_tickets.kind = 'incident'
)

select
    ticket_id,
    'says "' || regexp_extract(
        said,
        '\b(request(ed|s)?|password reset|reset (of )?(the |my )?password|permissions?|licen[cs]es?'
        '|installation|install|new (user|joiner|starter|employee)|onboarding|access to|access rights'
        '|solicitud|petici[oó]n|alta de usuario|restablecer contrase|permisos?|instalaci[oó]n'
        '|demande|acc[eè]s [aà]|r[eé]initialis|requisi[cç][aã]o|solicita[cç][aã]o|instala[cç][aã]o'
        '|anfrage|anforderung|bestellung|zugriff auf|passwort zur[uü]cksetzen|berechtigung)'
    ) || '"' as detail
from words
where regexp_matches(
    said,
    '\b(request(ed|s)?|password reset|reset (of )?(the |my )?password|permissions?|licen[cs]es?'
    '|installation|install|new (user|joiner|starter|employee)|onboarding|access to|access rights'
    '|solicitud|petici[oó]n|alta de usuario|restablecer contrase|permisos?|instalaci[oó]n'
    '|demande|acc[eè]s [aà]|r[eé]initialis|requisi[cç][aã]o|solicita[cç][aã]o|instala[cç][aã]o'
    '|anfrage|anforderung|bestellung|zugriff auf|passwort zur[uü]cksetzen|berechtigung)'
)
