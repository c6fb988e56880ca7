"""What stands in the briefs and plans of the demo agency. Invented, like everybody in it."""

# story's key: title, product knowledge, market situation, advertising budget, figure, market plan
BRIEFS = {
    "HRB": (
        "Sunday Loaf: posters near 61 branches",
        "A large sourdough rye, baked on Saturday night and sold from Sunday eight o'clock at 4.20. Keeps four days. "
        "No rival bakes on Sunday.",
        "Sunday opening spreads. Two supermarket chains sell part-baked bread; half the branches lie within sight of one. "
        "Last year's radio was remembered by few.",
        "Between 140 and 145 thousand, agency fee and pre-test included. Clara Hollin decides up to 150 thousand.",
        "143000",
        "One Sunday customer in five from those who pass a branch. 9,000 loaves a Sunday by Christmas. "
        "Posters first, then the branch windows.",
    ),
    "VOL": (
        "Voltane Arc: the small electric van",
        "A one-tonne electric van with 310 km range, made for city trades. "
        "The tail lift is built in; service every second year.",
        "Three rivals advertise range. Tradespeople ask what a day costs. "
        "Dealers expect 40 % of the orders from fleets under ten vans.",
        "Film, airtime in two bursts and production. Erik Voss signs, the board sees the pre-test.",
        "612000",
        "1,400 test drives before summer, known by half of the trades. Airtime from late winter, dealers' open days alongside.",
    ),
    "MER": (
        "Regional winter routes, display",
        "Eleven regional routes from four airports, two flights a day, hand luggage in the fare.",
        "Rail has won the mornings; the low-cost carrier left two routes in autumn. Bookers look on Tuesday evenings.",
        "Display only, production included. Ana Duarte decides alone up to 60 thousand.",
        "54000",
        "Fill 72 % of the seats on the two abandoned routes until March; 3,000 bookings from display.",
    ),
    "MER spring": (
        "Spring timetable in the regional magazines",
        "The summer timetable with two new coastal routes, on sale from January.",
        "Readers of four regional magazines book early; the rival advertises in dailies only.",
        "Space in four magazines, one insertion each, artwork in the fee.",
        "38500",
        "A quarter of the coastal seats sold before Easter.",
    ),
    "SOL": (
        "Flu season: the pharmacist has time",
        "Vaccination without appointment in 84 pharmacies, twelve minutes, by a pharmacist.",
        "Surgeries are full; two drugstore chains vaccinate in 30 towns. Claims about health must carry the legal line.",
        "One magazine page and its variations for the local papers. Nina Berg decides, the legal office reads.",
        "46000",
        "22,000 vaccinations in ten weeks; half of them people who did not go last year.",
    ),
    "SOL winter": (
        "Winter vitamins: shelf and page",
        "The own brand's vitamins D and C, in glass, a third under the leading brand.",
        "The leading brand owns the season; own brands gain two points a year.",
        "A page in three magazines and shelf material, fee open. Figure named by telephone.",
        "31000",
        "18 % of the shelf's turnover from the own brand until March.",
    ),
    "TER": (
        "Terracotta Home: the oak table",
        "A table of local oak in three lengths, built in eight weeks, delivered and set up.",
        "Furniture is bought in January. Two chains fight over price; nobody tells who builds.",
        "Magazine pages and a booklet. Ben Ortiz decides with the owner.",
        "67000",
        "900 tables by June; be named among three builders when people are asked.",
    ),
    "TER booklet": (
        "Terracotta Home: a booklet for the showroom",
        "Sixteen pages about the four families who build the tables, to be taken home. Paper that feels like wood.",
        "Visitors of the showroom come twice before they order. The chains hand out price lists.",
        "Print and photographs, no space to buy. Ben Ortiz decides.",
        "14500",
        "4,000 booklets by March; every second order names the builder.",
    ),
    "PAL": (
        "Palisade Theatre: winter season",
        "Seven productions, two premieres, tickets from 12. Under thirty pays half.",
        "Two thirds of the audience are over fifty; the house competes with an evening at home.",
        "One advertisement in the listings magazine. Ruth Amari decides.",
        "9800",
        "80 % of seats sold in January, 500 first visits.",
    ),
    "GRE": (
        "Greenlea: autumn planting",
        "Bare-root hedges and fruit trees, dug the same week, with advice on Saturdays.",
        "The chain on the ring road sells pots all year; few know that autumn is for planting.",
        "One page in the county magazine.",
        "7400",
        "600 hedges by November, twice last year.",
    ),
    "GRE lights": (
        "Greenlea: winter lights",
        "An evening walk through the lit nursery, five weeks, 6 a ticket.",
        "Families look for something within half an hour; the castle charges 18.",
        "Display in the county, made from last year's photographs.",
        "5200",
        "4,000 visitors, a third of them new.",
    ),
    "VOL fleet": (
        "Voltane Arc for fleets",
        "The same van with a charging plan and a replacement vehicle within four hours.",
        "Fleets buy on running cost.",
        "To be seen with the film.",
        "90000",
        "200 fleet contracts in a year.",
    ),
    "NOR": (
        "Northgate: a savings account for beginners",
        "An account without a fee that rounds up every payment and saves the difference. From sixteen.",
        "Two app banks took the under-twenty-fives. Northgate has 190 branches and is trusted by their parents.",
        "Asked; Paul Reyes answers after the board.",
        "",
        "",
    ),
}

# story's key: name of the campaign, objectives, strategy, budget
PLANS = {
    "HRB": (
        "Sunday Loaf",
        "One in five who pass a branch on Sunday comes in; 9,000 loaves a Sunday by Christmas.",
        "48 poster sites within ten minutes of a branch, in charge for 14 days. One loaf, one hour, one price.",
        "144720",
    ),
    "VOL": (
        "Voltane Arc",
        "Half of the city trades know the Arc and what a day with it costs; 1,400 test drives.",
        "A film of one working day, 30 seconds, in two bursts; the day's cost is the last picture.",
        "612000",
    ),
    "MER": (
        "Winter routes",
        "3,000 bookings from display; 72 % of the seats on the two routes the rival left.",
        "Tuesday evenings, city pairs by name, the minute of arrival instead of the price.",
        "54000",
    ),
    "MER spring": (
        "Spring timetable",
        "A quarter of the coastal seats before Easter.",
        "Four magazines, one page each, the timetable as a picture.",
        "38500",
    ),
    "SOL": (
        "Flu season",
        "22,000 vaccinations, half of them of people who did not go last year.",
        "The pharmacist has twelve minutes for you. A page, and variations for the local papers.",
        "46000",
    ),
    "TER": (
        "Oak table",
        "900 tables by June; one of three builders people name.",
        "Who builds it, with name and town. January pages, a booklet in the showroom.",
        "67000",
    ),
    "PAL": (
        "Winter season",
        "80 % of the seats in January; 500 first visits.",
        "One page: seven evenings, seven first lines.",
        "9800",
    ),
    "GRE": (
        "Autumn planting",
        "600 hedges by November.",
        "Plant now, look in spring. One page in the county magazine.",
        "7400",
    ),
    "GRE lights": (
        "Winter lights",
        "4,000 visitors, a third of them new.",
        "Display to families within half an hour, Thursday to Saturday.",
        "5200",
    ),
}  # fmt: skip
