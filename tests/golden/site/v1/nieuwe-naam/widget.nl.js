{
 "v": 1,
 "shop": "nieuwe-naam",
 "formerly": [
  "oude-naam"
 ],
 "lang": "nl",
 "dir": "ltr",
 "name": "Nieuwe Naam",
 "url": "https://goudkeur.example/beoordelingen/nl/nieuwe-naam/",
 "heading": "Beoordelingen over Nieuwe Naam",
 "score": {
  "text": "8,8",
  "label": "8,8 van 10",
  "fill": 0.88
 },
 "more": "Lees alle beoordelingen op Goudkeur",
 "reviews": [
  {
   "url": "https://goudkeur.example/beoordelingen/nl/nieuwe-naam/page/1/#r-b5",
   "date": "5 januari 2024",
   "by": "Een klant",
   "rating": {
    "text": "10",
    "label": "10 van 10",
    "fill": 1.0
   },
   "text": "Vijf."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/nieuwe-naam/page/1/#r-b4",
   "date": "4 januari 2024",
   "by": "Een klant",
   "rating": {
    "text": "9",
    "label": "9 van 10",
    "fill": 0.9
   },
   "text": "Vier."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/nieuwe-naam/page/1/#r-b3",
   "date": "3 januari 2024",
   "by": "Een klant",
   "rating": {
    "text": "9",
    "label": "9 van 10",
    "fill": 0.9
   },
   "text": "Drie."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/nieuwe-naam/page/1/#r-b2",
   "date": "2 januari 2024",
   "by": "Een klant",
   "rating": {
    "text": "8",
    "label": "8 van 10",
    "fill": 0.8
   },
   "text": "Twee."
  },
  {
   "url": "https://goudkeur.example/beoordelingen/nl/nieuwe-naam/page/1/#r-b1",
   "date": "1 januari 2024",
   "by": "Een klant",
   "rating": {
    "text": "8",
    "label": "8 van 10",
    "fill": 0.8
   },
   "text": "Een."
  }
 ],
 "summary": "van 10, uit 5 beoordelingen",
 "status": "Geen lid meer sinds 1 september 2024"
}
