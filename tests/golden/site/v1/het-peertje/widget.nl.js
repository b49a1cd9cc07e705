{
 "v": 1,
 "shop": "het-peertje",
 "formerly": [],
 "lang": "nl",
 "dir": "ltr",
 "name": "Het Peertje",
 "url": "https://goudkeur.example/beoordelingen/nl/het-peertje/",
 "heading": "Beoordelingen over Het Peertje",
 "score": null,
 "more": "Lees alle beoordelingen op Goudkeur",
 "reviews": [
  {
   "url": "https://goudkeur.example/beoordelingen/nl/het-peertje/page/1/#r-two",
   "date": "2 juni 2024",
   "by": "Een klant",
   "rating": {
    "text": "4",
    "label": "4 van 10",
    "fill": 0.4
   },
   "text": "Te fel."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/het-peertje/page/1/#r-one",
   "date": "1 juni 2024",
   "by": "Een klant",
   "rating": {
    "text": "10",
    "label": "10 van 10",
    "fill": 1.0
   },
   "text": "Lekker licht."
  }
 ],
 "summary": "Nog geen score: 2 beoordelingen",
 "explain": "Vanaf 5 tonen wij een score"
}
