{
 "v": 1,
 "shop": "de-ketting",
 "formerly": [],
 "lang": "nl",
 "dir": "ltr",
 "name": "Fietsenwinkel De Ketting & Zn.",
 "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/",
 "heading": "Beoordelingen over Fietsenwinkel De Ketting & Zn.",
 "score": {
  "text": "7,1",
  "label": "7,1 van 10",
  "fill": 0.71
 },
 "more": "Lees alle beoordelingen op Goudkeur",
 "reviews": [
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-erased",
   "date": "Geplaatst in maart 2024",
   "note": "Gewist op verzoek van de klant in mei 2024."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-removed",
   "date": "Geplaatst op 7 maart 2024",
   "note": "Door ons verwijderd op 20 maart 2024, na een melding van het bedrijf. De beoordeling berustte niet op een eigen ervaring van de schrijver."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-held",
   "date": "Geplaatst op 6 maart 2024",
   "note": "Aangehouden sinds 8 maart 2024, tot uiterlijk 22 maart 2024. Het bedrijf betwist dat de schrijver klant was."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-lapsed",
   "date": "5 maart 2024",
   "by": "Een klant",
   "text": "Nooit meer iets gehoord.",
   "note": "Cijfer vervallen op 1 april 2024: klant reageerde niet (was 2). Telt niet mee: het cijfer geldt niet meer."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-words-only",
   "date": "4 maart 2024",
   "by": "Een klant",
   "text": "Zonder cijfer.",
   "note": "Telt niet mee: er is geen cijfer gegeven."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-bel-mij",
   "date": "2 maart 2024",
   "by": "Een klant",
   "rating": {
    "text": "1",
    "label": "1 van 10",
    "fill": 0.1
   },
   "text": "Bel mij op (onleesbaar gemaakt).",
   "note": "Gegevens onleesbaar gemaakt op 3 maart 2024."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-mark-only",
   "date": "1 maart 2024",
   "by": "Een klant",
   "rating": {
    "text": "10",
    "label": "10 van 10",
    "fill": 1.0
   }
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-amended",
   "date": "10 februari 2024",
   "by": "Een klant",
   "rating": {
    "text": "7",
    "label": "7 van 10",
    "fill": 0.7
   },
   "title": "Toch goed gekomen",
   "text": "Eerst niet, toen wel.",
   "note": "Gewijzigd op 20 februari 2024 (was 2).",
   "reply": {
    "by": "Toelichting van Stichting Goudkeur",
    "text": "Wij hebben bemiddeld."
   }
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-english",
   "date": "1 februari 2024",
   "by": "Sam",
   "rating": {
    "text": "9",
    "label": "9 van 10",
    "fill": 0.9
   },
   "lang": "en",
   "text": "Good bicycle, fair price.",
   "note": "Tegenprestatie: korting."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/de-ketting/page/1/#r-invited",
   "date": "Ontvangen op 5 januari 2024, geplaatst op 9 januari 2024",
   "by": "Anke uit Utrecht",
   "rating": {
    "text": "8,5",
    "label": "8,5 van 10",
    "fill": 0.85
   },
   "lang": "nl",
   "title": "Snel geleverd",
   "text": "Binnen twee dagen in huis.\nEn netjes ingepakt.\n\nTweede alinea, met <b>haken</b> & tekens.",
   "reply": {
    "by": "Reactie van Fietsenwinkel De Ketting & Zn.",
    "text": "Dank u wel!"
   }
  }
 ],
 "summary": "van 10, uit 5 beoordelingen"
}
