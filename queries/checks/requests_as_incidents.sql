/*
label       = "Service requests logged as incidents"
explanation = """
An incident whose title, category or subcategory asks (request, please add, would like, how do I,
password reset, access to, permission, licence, installation, new user ..., or the same in Spanish,
French, Portuguese or German) and does not say that something fails (problem, error, not, cannot,
denied, lost, down ...) is no failure. The rule reads words only: look at the tickets before you believe it.
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
        strip_accents(said),
        '\b(errors?|not|no access|without access|no longer|any ?more|fail(s|ed|ing|ures?)?|problems?|issues?|trouble|faulty?'
        '|cannot|can''?t|can not|could not|couldn''t|won''t|unable|denied|refused|broken|doesn''t work|down|outage|slow|crash(es|ed)?'
        '|stuck|lost|missing|expired|locked|blocked|frozen|timed? ?out|unavailable|inaccessible|unreachable|invalid|corrupt(ed)?'
        '|problemas?|error(es)?|fall[ao]s?|averia|imposible|denegad[oa]s?|bloquead[oa]s?|perdid[oa]s?|caid[oa]'
        '|no (me |se |nos |le |les |te )?(abre|accede|aparece|carga|conecta|deja|entra|funcionan?|hay|ingresa|llega|permite'
        '|podemos|pued[eo]n?|reconoce|responde|tene?mos|tengo|tienen?)|sin (acceso|conexion|funcion|internet|permiso|red|servicio)'
        '|problemes?|erreurs?|impossible|impossibilite|panne|ne (fonctionne|marche|peu[tx]|repond|s''ouvre)|n''(arrive|est|ai|a|avons|ont|ouvre)'
        '|(plus|pas|aucun) (d''|de )?acces|perdue?|perte|refusee?|bloquee?|cassee?|expiree?|defaut|dysfonctionnement'
        '|nao|erros?|falh[ao]s?|falh(ou|ando)|sem (acesso|conexao|internet|permissao|rede)|negad[oa]|perd(eu|i|emos)|quebrad[oa]'
        '|travad[oa]|caiu|parou|fora do ar|indisponivel|inoperante|defeito'
        '|nicht|keine?n? (anmeldung|berechtigung|verbindung|zugang|zugriff)|defekt|kaputt|verloren|fehlt|fehlgeschlagen'
        '|gesperrt|verweigert|unmoglich'
        '|[a-z]*(problem|fehler|storung|ausfall)[a-z]*)\b'
    )
