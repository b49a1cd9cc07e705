"""The words that the benchmark's content is made of: Dutch, all invented, in braces what is drawn anew each time."""

from __future__ import annotations

TRADES = (
    "Bakkerij", "Bloemisterij", "Boekhandel", "Bouwmarkt", "Drogisterij", "Elektrozaak", "Fietsenzaak", "Fotostudio",
    "Ijzerhandel", "Juwelier", "Kaashandel", "Kapsalon", "Keukenstudio", "Kwekerij", "Lampenhuis", "Meubelmakerij",
    "Muziekhandel", "Optiek", "Reisbureau", "Rijwielhuis", "Schildersbedrijf", "Schoenmakerij", "Speelgoedhuis",
    "Stoffenhal", "Theehuis", "Tuincentrum", "Verfhandel", "Wasserij", "Wijnhandel", "Witgoedcentrale",
)  # fmt: skip

OWNERS = (
    "Aalders", "Bruinsma & Zn.", "De Blauwe Poort", "De Draaiende Hoek", "De Halve Maan", "De Korenmaat", "Dekkers",
    "Elzinga", "Het Achterhuis", "Het Pakhuis", "Hoekstra & Dochters", "Kuipers", "Linthorst", "Meesters & Maat",
    "Noordermarkt", "Ouwehand", "Pietersma", "Rietdijk", "Steenbeek", "Tolhuis", "Uiterwaard", "Van den Brink",
    "Waterman", "Zonneveld",
)  # fmt: skip

TOWNS = (
    "Alkmaar", "Amersfoort", "Assen", "Bergen op Zoom", "Deventer", "Doetinchem", "Dokkum", "Gouda", "Harlingen",
    "Heerenveen", "Helmond", "Hoorn", "Kampen", "Leiden", "Middelburg", "Oss", "Roermond", "Sneek", "Tiel", "Venlo",
    "'s-Gravenzande", "Weert", "Zierikzee", "Zutphen",
)  # fmt: skip

NAMES = (
    "Aafke", "Abdel", "Annelies", "Bas", "Berber", "Chantal", "Daphne", "Dirk-Jan", "Eline", "Fatima", "Floris",
    "Geertje", "Hanneke", "Ilse", "Jelle", "Joost", "Karim", "Lieke", "Loes", "Maarten", "Marjolein", "Nienke", "Olav",
    "Petra", "Quirijn", "Rik", "Saskia", "Sjoerd", "Tineke", "Twan", "Ursula", "Vera", "Wouter", "Xander", "Yvonne",
    "Zeynep", "fam. Oosterling", "J. van 't Veer", "M. d'Hondt", "Renée",
)  # fmt: skip

THINGS = (
    "bank", "bestelling", "boormachine", "bril", "broodtrommel", "cadeaubon", "dakkoffer", "gordijnroede", "grasmaaier",
    "kast", "koekenpan", "koelkast", "lamp", "matras", "naaimachine", "oven", "pergola", "regenton", "rugzak",
    "schilderij", "slaapzak", "spiegel", "stoel", "tafel", "verrekijker", "vloerkleed", "wandelschoen", "wasmachine",
)  # fmt: skip

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag")

CONTENT = (
    "Prima geholpen.",
    "Alles netjes op tijd.",
    "De {thing} is precies wat ik zocht.",
    "Ik werd op {day} gebeld dat de {thing} klaarlag, een dag eerder dan afgesproken.",
    "Aan de balie nam {name} rustig de tijd om het verschil tussen de modellen uit te leggen.",
    "De bezorgers belden een half uur van tevoren en namen het verpakkingsmateriaal weer mee.",
    "Wij komen hier al jaren en dat blijft zo.",
    "Fijn dat er iemand de telefoon opneemt zonder keuzemenu.",
    "De prijs was eerlijk en er kwam achteraf niets meer bij.",
    "Toen er na {number} weken een schroefje losraakte, kreeg ik het de volgende dag kosteloos opgestuurd.",
    "Zelfs de handleiding was deze keer te begrijpen.",
    "Mijn vader van {age} kreeg het in zijn eentje in elkaar, dus dat zegt genoeg.",
    "Volgend jaar halen we hier de rest van de inrichting.",
)
"""Sentences of those who are content."""

MIXED = (
    "Het kon sneller.",
    "Op zich goed, al had ik van de {thing} meer verwacht.",
    "De levering is {number} keer verzet, daarna ging het gelukkig in één keer goed.",
    "In de winkel vriendelijk, per mail wat kortaf.",
    "De kleur valt donkerder uit dan op de foto, dat mag er best bij staan.",
    "Er zat een kras op de zijkant; daar is {percent}% korting voor gegeven en dat vond ik redelijk.",
    "Parkeren is daar een ramp, maar dat kunnen zij ook niet helpen.",
    "Ik moest zelf achter de {thing} aan bellen, en toen was het binnen een dag geregeld.",
    "Voor deze prijs had ik montage verwacht, die bleek niet inbegrepen.",
)
"""Sentences of those who are of two minds."""

CROSS = (
    "Nooit meer.",
    "Na {number} mails nog steeds geen antwoord.",
    "De {thing} kwam beschadigd aan en volgens de winkel lag dat aan mij.",
    "Op {day} zou er iemand komen, wij hebben de hele dag voor niets thuisgezeten.",
    "Het geld terugkrijgen duurde {number} weken en ging pas na een aangetekende brief.",
    "Er werd iets anders geleverd dan op de bon stond.",
    "Beloofd werd dat {name} zou terugbellen; dat is nooit gebeurd.",
    "Wie hier iets laat repareren, kan beter meteen een nieuwe {thing} kopen.",
)
"""Sentences of those who are not content."""

STORY = (
    "We waren net verhuisd van {town} naar {town} en zochten een {thing} die door het smalle trapgat kon.",
    "Onze oude {thing} had het na {age} jaar begeven, midden in de drukste week van het jaar.",
    "Eerst ben ik bij {number} andere zaken langsgegaan om te vergelijken.",
    "Mijn zus uit {town} had er goede verhalen over, vandaar.",
    "Op de website stond dat hij op voorraad was, dus ik ben er op {day} meteen heen gereden.",
    "Het was stil in de zaak, er stond één iemand voor mij.",
    "Voor de volledigheid: ik heb alles zelf betaald en ken daar niemand.",
    "Achteraf had ik beter kunnen opmeten, dat is mijn eigen schuld.",
    "Ik schrijf dit een maand later, want ik wilde eerst weten hoe het zich houdt.",
    "Daarna hebben we nog koffie gedronken bij de buren, ook aan te raden.",
)
"""Sentences that make a text longer, whatever its mark."""

AWKWARD = (
    "Afmeting < 60 cm & hoogte > 90 cm, dus let op!",
    "<script>document.title = 'fout'</script> stond er ineens in de bevestiging.",
    "<b>Echt</b> waar, en <img src=x onerror=alert(1)> ook nog.",
    'Mevrouw zei: "dat regelen we wel", en \'t werd geregeld.',
    "Betaald: € 49,95 &amp; geen cent meer — top… 👍🏼",
    "Zie C:\\bon\\2024 of </article> onderaan, {{ wat dat ook is }}.",
    "# Geen kop, *geen* nadruk, [geen link](https://voorbeeld.example/?a=1&b=2)",
    "Coördinatie, reünie, crème brûlée: très bien, größer geht's nicht.",
)
"""What has to be escaped where it lands; it isn't filled in."""

TITLES = {
    "content": ("Blij mee", "Goede zaak", "Zo hoort het", "Aanrader", "Vlot & vriendelijk", "Blij met de {thing}"),
    "mixed": ("Gaat wel", "Kan beter", "Goed, met een maar", "Eind goed, al goed?", "Redelijk"),
    "cross": ("Jammer", "Niet doen", 'Zogenaamde "service"', "Slecht < matig", "Wachten, wachten, wachten"),
}

REPLIES = (
    "Dank u wel, {name} heeft het compliment doorgekregen.",
    "Wat vervelend om te lezen. Mailt u ons uw ordernummer? Dan zoeken wij op {day} uit wat er is misgegaan.",
    "Bedankt voor de moeite van het schrijven.\n\nDe {thing} verpakken wij nu anders, juist door berichten als dit.",
    "Graag gedaan & tot ziens in de winkel!",
    "Wij hebben u op {day} gebeld en een oplossing aangeboden; laat u ons weten of die bevalt?",
)

ABOUT = (
    "Sinds jaar en dag in {town}.",
    "Gespecialiseerd in alles rond de {thing}, met een eigen werkplaats.",
    "Ook op {day} tot negen uur open.",
    "Een familiebedrijf met {number} mensen in vaste dienst.",
)
