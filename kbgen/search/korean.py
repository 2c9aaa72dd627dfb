"""Korean word forms: what is left of a word when its particles and endings are taken off.

Nouns carry particles (환불을, 환불에서는) and become verbs with 하다, 되다, 받다 (환불하려면,
환불됐어요). A list of such endings and one rule, "two syllables must remain", does for search what
a dictionary of many megabytes would do; the syllable pairs of `analysis` catch what it misses.
The browser gets the same list in its manifest, so there is one list only.
"""

from __future__ import annotations

from functools import lru_cache

_PARTICLES = """
은 는 이 가 을 를 의 에 에서 에게 에게서 께 께서 으로 로 으로서 로서 으로써 로써 와 과 하고 이나 나
이랑 랑 도 만 까지 부터 마저 조차 밖에 처럼 만큼 보다 한테 한테서 이라도 라도 이라고 라고 이란 란
이라는 라는 에는 에도 에만 에서는 에서도 으로는 로는 으로도 로도 까지는 부터는 에게는 께서는 와의
과의 로부터 으로부터 이나마 요 들 들은 들을 들이 들의
"""
_BE = """
이다 이에요 예요 이야 야 입니다 입니까 인가요 인가 인지 이고 이며 이면 인데 이었다 였다 이었습니다
이었는가 이었나 였는가 일까요 일까 이라
"""
_DO = """
하다 하는 하고 하면 하려면 하려고 하기 하여 하지 하며 하게 하도록 하지만 하거나 하자 하나요 하세요
하십시오 하시면 하실 하신 하는데 하니 하니까 하던 하여야 하였다 하였습니다 하였는데 하려는 하려
하는지 하는가 하는법 하네요 하라고 하다가 해 해서 해요 해도 해야 해주세요 해줘요 해줘 해보세요
해야하나요 해지나요 했다 했어요 했는데 했습니다 했을 했던 했나요 했지만 했더니 했고 할 할까요 할게요
할수 할지 할때 한 한다 한다면 한데 한지 함 합니다 합니까
"""
_BECOME = """
되다 되는 되고 되면 되려면 되기 되어 되지 되며 되게 되도록 되지만 되거나 되나요 되는데 되니 되던
되었다 되었습니다 되었는데 되었어요 되는지 되는가 되네요 되지않아요 되지않습니다 돼 돼서 돼요 돼도
돼야 됐다 됐어요 됐는데 됐습니다 됐나요 됐을 될 될까요 된 된다 된다면 됨 됩니다 됩니까
"""
_OTHER_VERBS = """
받고 받을 받는 받기 받아 받으려면 받았어요 받았는데 받았습니다 받지 받은 시키다 시키는 시키기 시켜
시킬 시킨 있어요 있나요 있습니다 있는 없어요 없나요 없습니다 없는 안돼요 안되요 안됩니다 안되는 안돼
안되나요 안됨 안했는데 드려요 드립니다 못해요 못하는
"""

ENDINGS = tuple(sorted(set(f"{_PARTICLES}{_BE}{_DO}{_BECOME}{_OTHER_VERBS}".split())))
ROUNDS = 2  # "환불 + 하기 + 를": a particle after an ending
KEPT = 2  # syllables that must remain: 회의, 도로 and 결과 are words

_KNOWN = frozenset(ENDINGS)
_LONGEST = max(map(len, ENDINGS))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The word without its particles and endings; at least two syllables remain."""
    for _ in range(ROUNDS):
        cut = _ending(word)
        if not cut:
            break
        word = word[:-cut]
    return word


def _ending(word: str) -> int:
    """Length of the longest ending that may be taken off, 0 for none."""
    for size in range(min(_LONGEST, len(word) - KEPT), 0, -1):
        if word[-size:] in _KNOWN:
            return size
    return 0
