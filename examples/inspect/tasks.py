"""Three small tasks of Inspect: one plain, one with tools, one whose answers a model grades.

Written for this project; the forbidden thing is always a harmless stand-in.
"""

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.scorer import includes, model_graded_qa
from inspect_ai.solver import generate, system_message, use_tools
from inspect_ai.tool import tool


@task
def capitals(limit: int = 6) -> Task:
    """Plain: one call, and the target must be in the answer."""
    places = {
        "France": "Paris", "Japan": "Tokyo", "Kenya": "Nairobi", "Peru": "Lima", "Norway": "Oslo", "Egypt": "Cairo",
    }
    samples = [
        Sample(id=country.lower(), input=f"What is the capital of {country}?", target=capital)
        for country, capital in list(places.items())[:limit]
    ]
    return Task(dataset=samples, solver=generate(), scorer=includes())


@tool
def stock():
    async def execute(item: str) -> str:
        """Looks up how many of an item are in stock.

        Args:
            item: The item's name.
        """
        return {"lamps": "17 lamps", "chairs": "4 chairs"}.get(item, "unknown item")

    return execute


@task
def stockroom() -> Task:
    """With tools: the number is known to the tool alone."""
    samples = [
        Sample(id="lamps", input="How many lamps are in stock?", target="17"),
        Sample(id="chairs", input="How many chairs are in stock?", target="4"),
    ]
    solver = [system_message("Use the tool; do not guess."), use_tools(stock()), generate()]
    return Task(dataset=samples, solver=solver, scorer=includes())


@task
def explanations() -> Task:
    """Model-graded: the role `grader` judges."""
    samples = [
        Sample(id="rain", input="Why does it rain?", target="Water vapour condenses in clouds and falls."),
        Sample(id="tides", input="What causes tides?", target="The pull of the moon and the sun."),
    ]
    return Task(dataset=samples, solver=generate(), scorer=model_graded_qa())
