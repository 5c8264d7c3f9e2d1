"""The words of our own that product names, slogans and headlines are made of."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


NOUNS: Final = _words("""
acorn alder amber anchor anvil apple apricot arbor arch ash aspen atlas aurora badger barley basalt basil bay beacon
beam bear beech bell birch bloom bough bow branch brass bread breeze briar brick bridge brook canyon canvas cardinal
carrot cedar chalk cherry chestnut cinder citrus clay cliff clover coast cobalt comet compass copper coral cotton cove
crane creek crest crow current cypress dahlia dawn delta dew dove drift dune dusk echo elder ember elm falcon feather
fern field fig finch fir fjord flax flint flora foam fog forest forge fox frost garden garnet ginger glade glass glen
grain granite grove gull hammer harbor hare harvest haven hawk hazel hearth heather heron hill hive hollow honey horizon
indigo iris iron island ivory ivy jade jasmine juniper kestrel kiln kite lake lantern larch lark laurel lavender leaf
lemon lichen lilac lily linden linen lion loom lotus lumen lynx magnolia maple marble marigold marlin marsh meadow mesa
mint mist moon moor moss moth mountain myrtle needle nest north nutmeg oak oat ocean olive onyx opal orbit orchard
orchid osprey otter owl paper peach pearl pebble peony pepper petal pine pixel plain plum pollen poppy porcelain prairie
prism quartz quill quince rain raven reed reef ridge river robin rose rosemary rye saffron sage sail salt sand satin
seed shell shore silk silver sky slate smoke snow sol sparrow spring spruce star stone storm stream sugar summit sun
swallow swan tailor tea tern thistle thread thyme tide timber tulip tundra valley velvet vine violet wave wheat willow
wind wing winter wolf wool wren yarrow""")

QUALITIES: Final = _words("""
amber ancient bold bright brave broad calm clear common cool copper crisp curious daily deep eager early easy even fair
fine first fond free fresh gentle glad golden good grand green half hidden honest humble keen kind late light little
lively long lucky mellow merry mild modern morning narrow neat noble northern odd old open pale patient plain proud
quick quiet rare ready red rolling round salt second shy silent simple slow small smooth snug soft solid southern steady
still sunny tender tidy tiny true velvet warm wandering western white whole wide wild winter wise young""")

THINGS: Final = _words("""
bags beds blankets boards boats books boots bowls bread bridges candles chairs clocks cloth coats coffee colours cups
doors drinks fabrics flowers fonts frames gardens gifts glass gloves hats homes ideas ink jackets jars knives lamps
letters light linen maps meals mirrors music notes paint paper parks pens pictures plants plates posters pots prints
quilts rooms roofs rugs sails scarves shelves shirts shoes signs soap sofas songs stairs stools stories tables tea tents
textiles tiles tools towels toys trails type umbrellas vases walls watches windows wood wool yarn""")

PEOPLE: Final = _words("""
bakers builders climbers cooks cyclists dancers designers dreamers drivers early-risers families farmers friends
gardeners guests hikers hosts kids makers musicians neighbours night-owls painters parents printers readers runners
sailors students swimmers teachers travellers walkers wanderers writers""")

TIMES: Final = _words("""
mornings evenings weekends summers winters Sundays Mondays afternoons nights holidays seasons years days lifetimes
journeys beginnings mistakes conversations storms adventures commutes breakfasts dinners""")

DEEDS: Final = _words("""
make build grow cook draw read rest wander play travel gather write sleep bake sew paint plant mend share learn listen
look breathe begin dream sail run dance sing walk wait""")

GAINS: Final = _words("""
comfort warmth light colour quiet calm character clarity courage craft delight ease flavour freedom focus friendship
grace harmony joy kindness magic meaning mischief movement order patience peace play pleasure rhythm rest shade shelter
silence space strength style sunshine texture time warmth wonder""")

ROOTS: Final = _words("""
aer alt aur brev cal cand cel clar cor cosm dal del elan el ember fen fil flor for glim halc hav hel il ion jun kin kal
lan len lior lum lux lyr mar mel mer mir mon myr nar neo nim nor nov ny oak or pal pel per plen pri quil ral ren riv ros
sal sel sen ser sil sol som sor syl tal tam tav tel ter tev tor tri val vel ver vi vir viv vol
wil wyn yar zan zel zen""")

ENDINGS: Final = _words("""
a ae al alia an ance ara aria ario el ela elle en ena enza era eria essa eta eva ia ian ica ida iel iera il ina io ion
ira is isa ista ita iva o ola on ona ora oria ova oro um una ura us yn ys""")

MAKERS: Final = _words("""
Studio House Atelier Works Supply Goods Press Mill Union Company Workshop Room Lab Bureau Yard Hall""")
