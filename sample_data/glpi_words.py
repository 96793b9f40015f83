"""The labels and words of GLPI's interface, as its users' exports carry them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language: the labels of the columns in their order, and the words in their cells."""

    labels: tuple[str, ...]
    incident: str
    states: dict[str, str]
    priorities: dict[int, str]
    yes: str
    no: str
    units: tuple[str, str, str]

    def spent(self, seconds: int) -> str:
        """A duration in words: `1 dias 18 horas 47 minutos`."""
        amounts = (seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60)
        return " ".join(f"{n} {unit}" for n, unit in zip(amounts, self.units, strict=True) if n)


def _states(new: str, work: str, hold: str, solved: str, closed: str) -> dict[str, str]:
    return {
        "new": new,
        "in_progress": work,
        "on_hold": hold,
        "resolved": solved,
        "closed": closed,
        "cancelled": closed,
    }


LANGUAGES = {
    "english": Language(
        (
            "ID", "Title", "Type", "Status", "Opening date", "Priority", "Requester - Requester",
            "Assigned to - Technician", "Assigned to - Technician group", "Category",
            "Resolution date", "Closing date", "Last update", "Time to resolve",
            "Time to resolve exceeded", "Statistics - Waiting time",
        ),
        "Incident",
        _states("New", "Processing (assigned)", "Pending", "Solved", "Closed"),
        {1: "Very high", 2: "High", 3: "Medium", 4: "Low"},
        "Yes",
        "No",
        ("days", "hours", "minutes"),
    ),
    "french": Language(
        (
            "ID", "Titre", "Type", "Statut", "Date d'ouverture", "Priorité",
            "Demandeur - Demandeur", "Attribué à - Technicien",
            "Attribué à - Groupe de techniciens", "Catégorie", "Date de résolution",
            "Date de clôture", "Dernière modification", "Temps de résolution",
            "Temps de résolution dépassé", "Statistiques - Délai en attente",
        ),
        "Incident",
        _states("Nouveau", "En cours (Attribué)", "En attente", "Résolu", "Clos"),
        {1: "Très haute", 2: "Haute", 3: "Moyenne", 4: "Basse"},
        "Oui",
        "Non",
        ("jours", "heures", "minutes"),
    ),
    "spanish": Language(
        (
            "ID", "Título", "Tipo", "Estado", "Fecha de Apertura", "Prioridad",
            "Solicitante - Solicitante", "Asignado a: - Técnico",
            "Asignado a: - Grupo de Tecnicos", "Categoría", "Fecha de solución",
            "Fecha de cierre", "Última actualización", "Tiempo de solución",
            "Se superó el tiempo de resolución", "Estadísticas - Tiempo de espera",
        ),
        "Incidencia",
        _states("Nuevo", "En curso (asignada)", "En espera", "Resueltas", "Cerrado"),
        {1: "Muy alta", 2: "Alta", 3: "Mediana", 4: "Baja"},
        "Si",
        "No",
        ("dias", "horas", "minutos"),
    ),
    "portuguese": Language(
        (
            "ID", "Título", "Tipo", "Status", "Data de abertura", "Prioridade",
            "Requerente - Requerente", "Atribuído - Técnico", "Atribuído - Grupo técnico",
            "Categoria", "Data da solução", "Data de fechamento", "Última atualização",
            "Tempo para solução", "Tempo para solução excedido",
            "Estatísticas - Tempo em espera",
        ),
        "Incidente",
        _states(
            "Novo", "Em atendimento (atribuído)", "Pendente", "Solucionado", "Fechado"
        ),
        {1: "Muito alta", 2: "Alta", 3: "Média", 4: "Baixa"},
        "Sim",
        "Não",
        ("dias", "horas", "minutos"),
    ),
}  # fmt: skip
