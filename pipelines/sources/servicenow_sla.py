"""ServiceNow: the table task_sla and the view incident_sla, by field names or by labels.

One row per service level of a task, so a ticket has several: a fan-out, of which no row is a
ticket. It complements the tickets, in whatever order they are loaded, with the tool's verdict per
clock. Percentages and elapsed times of running rows are as of the tool's last scheduled job: they
are kept in `extra` and not used. Times as in the other lists of the instance.
"""

from __future__ import annotations

from pipelines.languages import spelled
from pipelines.sources import Form, servicenow

NAME = servicenow.NAME
TITLE = "ServiceNow, service levels of tasks"
HOW_TO_EXPORT = """
Open `task_sla.list` (or the view `incident_sla.list`), filter by *Start time*, show Task, SLA
definition, Target, Stage, Has breached, Start time, Stop time and Breach time, and export as CSV
or Excel. Load it beside the incidents, before or after them. More than 10,000 rows are cut
silently.
"""

COLUMNS = {
    "number": (
        "inc_number",
        "task.number",
        "task_number",
        "task",
        "Number",
        "Task.Number",
        "Task",
        "Incident",
        "Aufgabe",
        "Tâche",
        "Tarea",
        "Tarefa",
    ),
    "sla": (
        "taskslatable_sla",
        "sla",
        "sla.name",
        "SLA definition",
        "SLA",
        "taskslatable_sla.name",
        "SLA-Definition",
        "Définition SLA",
        "Définition de SLA",
        "Definición de SLA",
        "Definição de SLA",
    ),
    "clock": (
        "taskslatable_sla.target",
        "sla.target",
        "Target",
        "SLA definition.Target",
        "Ziel",
        "Cible",
        "Objetivo",
    ),
    "stage": ("taskslatable_stage", "stage", "Stage", "Phase", "Étape", "Etapa", "Fase"),
    "has_breached": (
        "taskslatable_has_breached",
        "has_breached",
        "Has breached",
        "Breached",
        "Verletzt",
        "Hat verletzt",
        "Violé",
        "Violation",
        "Incumplido",
        "Ha incumplido",
        "Violado",
    ),
    "started_at": (
        "taskslatable_start_time",
        "start_time",
        "Start time",
        "Startzeit",
        "Heure de début",
        "Hora de inicio",
    ),
    "ended_at": (
        "taskslatable_end_time",
        "end_time",
        "Stop time",
        "End time",
        "Stoppzeit",
        "Endzeit",
        "Heure d'arrêt",
        "Heure de fin",
        "Hora de detención",
        "Hora de finalización",
        "Hora de término",
    ),
    "due_at": (
        "taskslatable_planned_end_time",
        "planned_end_time",
        "Breach time",
        "Planned end time",
        "Zeit der Verletzung",
        "Geplante Endzeit",
        "Heure de violation",
        "Heure de fin planifiée",
        "Hora de incumplimiento",
        "Hora de finalización planificada",
        "Hora da violação",
        "Hora de término planejada",
    ),
    "updated_at": ("taskslatable_sys_updated_on", "sys_updated_on", "Updated"),
}

SLAS = Form(
    source=NAME,
    name="service levels of tasks",
    title="task_sla and incident_sla, by names or labels",
    table="tool_slas",
    columns=COLUMNS,
    recognised_by=(
        COLUMNS["number"],
        COLUMNS["sla"],
        COLUMNS["has_breached"],
        (*COLUMNS["stage"], *COLUMNS["started_at"]),
    ),
    values={
        "clock": spelled(
            {
                "response": ("response", "reaktion", "antwort", "réponse", "respuesta", "resposta"),
                "resolution": ("resolution", "lösung", "résolution", "resolución", "resolução"),
            }
        ),
    },
    also=(
        "taskslatable_business_percentage",
        "taskslatable_percentage",
        "taskslatable_duration",
        "taskslatable_business_duration",
        "taskslatable_active",
        "inc_opened_at",
        "inc_priority",
        "inc_state",
        "inc_assignment_group",
        "business_percentage",
        "percentage",
        "Business elapsed percentage",
        "Actual elapsed percentage",
        "Business elapsed time",
        "Actual elapsed time",
        "Business time left",
        "Actual time left",
        "Schedule",
        "Active",
    ),
    cannot_give="the tickets themselves: load the list of incidents too",
)

FORMS = (SLAS,)
