"""The words that changes put into texts or look for; a suite may give its own."""

from typing import Annotated

from pydantic import Field

from textclf.config.section import Section

_Words = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=200)]],
    Field(min_length=2, max_length=2_000),
]

_FEMALE = (
    "Alice Amina Anna Beatrice Carmen Chloe Claire Daria Elena Emily Emma Esther "
    "Fatima Grace Hannah Helen Ingrid Julia Karen Laura Leila Linda Lucy Maria Mary "
    "Mei Nadia Nicole Olivia Priya Rachel Sarah Sofia Susan Yuki Zoe"
)
_MALE = (
    "Adam Ahmed Alan Andrew Anton Benjamin Carlos Charles Daniel David Diego Edward "
    "Erik Frank George Henry Hiroshi Ibrahim Ivan Jack James John Joseph Kevin Luis "
    "Martin Michael Oliver Omar Paul Peter Rajesh Robert Samuel Thomas Victor"
)
_LAST = (
    "Adams Anderson Baker Chen Clarke Cooper Davies Fischer Garcia Green Hansen Hill "
    "Hughes Ito Jackson Johnson Jones Kaplan Khan Kim Kowalski Lopez Martinez Miller "
    "Mitchell Morgan Nguyen Okafor Patel Petrov Roberts Rossi Schmidt Silva Singh "
    "Smith Taylor Thompson Walker Williams Wilson Wright"
)
_PLACES = (
    "Amsterdam Athens Berlin Boston Brussels Cairo Chicago Copenhagen Dublin Geneva "
    "Helsinki Istanbul Lagos Lima Lisbon London Madrid Manchester Melbourne Milan "
    "Montreal Mumbai Munich Nairobi Oslo Paris Prague Rome Seattle Seoul Sydney Tokyo "
    "Toronto Vienna Warsaw Zurich"
)
_ADJECTIVES = (
    "amazing annoying awful bad beautiful boring brilliant charming cheap clever cold "
    "confusing dirty disappointing dreadful dull excellent friendly fun funny good "
    "great happy helpful horrible lovely mediocre nice pleasant poor rude sad slow "
    "stupid tedious terrible ugly unpleasant useless weak wonderful"
)
_SENTENCES = (
    "It was a Tuesday.",
    "I live in a flat on the second floor.",
    "The bus stops around the corner.",
    "There is a door on the left and a window on the right.",
    "My sister has two cats.",
    "We were five people in all.",
    "The shop opens at nine.",
    "It happened in March.",
)


class Lexicon(Section):
    """The lists that changes draw from; English unless the suite says otherwise."""

    female_names: _Words = Field(_FEMALE.split(), description="For names_changed.")
    male_names: _Words = Field(_MALE.split(), description="For names_changed.")
    last_names: _Words = Field(_LAST.split(), description="For names_changed.")
    places: _Words = Field(_PLACES.split(), description="For places_changed.")
    sentences: _Words = Field(
        list(_SENTENCES), description="Without any opinion; for sentence_added."
    )
    adjectives: _Words = Field(
        _ADJECTIVES.split(),
        description="What an intensifier may stand before; for intensifier_added.",
    )
    intensifiers: _Words = Field(
        ["very", "really", "extremely", "truly", "incredibly"],
        description="For intensifier_added and intensifier_removed.",
    )
