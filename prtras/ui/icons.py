"""The icon sprite: 16-pixel symbols, drawn once per page. Ours."""

from typing import Final

#: name -> symbol
ICONS: Final[dict[str, str]] = {
    "sched": (
        '<symbol id="i-sched" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5" fill="none" strok'
        'e="currentColor" stroke-width="1.4" stroke-dasharray="1.6 2.2"/></symbol>'
    ),
    "due": (
        '<symbol id="i-due" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.8" fill="none" stroke='
        '"currentColor" stroke-width="1.7"/><path d="M8 4.8V8l2.2 1.6" fill="none" stroke="curren'
        'tColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></symbol>'
    ),
    "half": (
        '<symbol id="i-half" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.8" fill="none" stroke'
        '="currentColor" stroke-width="1.6"/><path d="M8 2.2a5.8 5.8 0 0 0 0 11.6z" fill="current'
        'Color"/></symbol>'
    ),
    "check": (
        '<symbol id="i-check" viewBox="0 0 16 16"><path d="M3 8.6l3.3 3.2L13 4.6" fill="none" str'
        'oke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/></'
        "symbol>"
    ),
    "sdv": (
        '<symbol id="i-sdv" viewBox="0 0 16 16"><path d="M1.2 8.8l2.9 2.8 5.6-6.2M7.4 10.8l.9.8 6'
        '.4-7" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke'
        '-linejoin="round"/></symbol>'
    ),
    "over": (
        '<symbol id="i-over" viewBox="0 0 16 16"><path d="M8 1.6c.4 0 .8.2 1 .6l5.8 10.4c.4.8-.1 '
        '1.8-1 1.8H2.2c-.9 0-1.4-1-1-1.8L7 2.2c.2-.4.6-.6 1-.6z" fill="currentColor"/><path d="M8'
        ' 5.8v3.6" stroke="#fff" stroke-width="1.7" stroke-linecap="round"/><circle cx="8" cy="11'
        '.7" r="1" fill="#fff"/></symbol>'
    ),
    "query": (
        '<symbol id="i-query" viewBox="0 0 16 16"><path d="M3 1.8h10A1.7 1.7 0 0 1 14.700 3.5v6.3'
        "00A1.700 1.700 0 0 1 13 11.500H8.300l-3.600 3v-3H3A1.700 1.700 0 0 1 1.300 9.800V3.500A1"
        '.700 1.700 0 0 1 3 1.800z" fill="currentColor"/><path d="M6.300 5.100c.2-.9.900-1.400 1.'
        '800-1.400 1 0 1.800.6 1.800 1.600 0 1.200-1.700 1.300-1.700 2.500" fill="none" stroke="#'
        'fff" stroke-width="1.300" stroke-linecap="round"/><circle cx="8.150" cy="9.600" r=".85" '
        'fill="#fff"/></symbol>'
    ),
    "answered": (
        '<symbol id="i-answered" viewBox="0 0 16 16"><path d="M3 2.400h10c.6 0 1.100.5 1.100 1.10'
        "0v6.300c0 .6-.5 1.100-1.100 1.100H8l-2.700 2.300v-2.300H3c-.6 0-1.100-.5-1.100-1.100V3.5"
        '00c0-.6.5-1.100 1.100-1.100z" fill="none" stroke="currentColor" stroke-width="1.400" str'
        'oke-linejoin="round"/><path d="M5.200 6.600l2 1.900 3.600-3.700" fill="none" stroke="cur'
        'rentColor" stroke-width="1.500" stroke-linecap="round" stroke-linejoin="round"/></symbol'
        ">"
    ),
    "nd": (
        '<symbol id="i-nd" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.700" fill="none" stroke'
        '="currentColor" stroke-width="1.500"/><path d="M4.200 11.800l7.600-7.600" stroke="curren'
        'tColor" stroke-width="1.500"/></symbol>'
    ),
    "lock": (
        '<symbol id="i-lock" viewBox="0 0 16 16"><rect x="3" y="7" width="10" height="7" rx="1.40'
        '0" fill="currentColor"/><path d="M5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColo'
        'r" stroke-width="1.600"/></symbol>'
    ),
    "soft": (
        '<symbol id="i-soft" viewBox="0 0 16 16"><rect x="3.100" y="3.100" width="9.800" height="'
        '9.800" rx="1.300" transform="rotate(45 8 8)" fill="currentColor"/><path d="M8 4.900v3.70'
        '0" stroke="#fff" stroke-width="1.600" stroke-linecap="round"/><circle cx="8" cy="10.900"'
        ' r=".95" fill="#fff"/></symbol>'
    ),
    "err": (
        '<symbol id="i-err" viewBox="0 0 16 16"><path d="M5.200 1.500h5.600l3.700 3.700v5.600l-3.'
        '700 3.700H5.200l-3.700-3.700V5.200z" fill="currentColor"/><path d="M5.700 5.700l4.600 4.'
        '600m0-4.600l-4.600 4.600" stroke="#fff" stroke-width="1.700" stroke-linecap="round"/></s'
        "ymbol>"
    ),
    "info": (
        '<symbol id="i-info" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.300" fill="none" stro'
        'ke="currentColor" stroke-width="1.400"/><path d="M8 7.300v3.700" stroke="currentColor" s'
        'troke-width="1.500" stroke-linecap="round"/><circle cx="8" cy="5" r=".9" fill="currentCo'
        'lor"/></symbol>'
    ),
    "hist": (
        '<symbol id="i-hist" viewBox="0 0 16 16"><path d="M2.500 8a5.500 5.500 0 1 0 1.800-4.100L'
        '2.600 5.400" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="roun'
        'd" stroke-linejoin="round"/><path d="M2.500 2.700v2.800h2.800M8 5v3.200l2 1.300" fill="n'
        'one" stroke="currentColor" stroke-width="1.400" stroke-linecap="round" stroke-linejoin="'
        'round"/></symbol>'
    ),
    "plus": (
        '<symbol id="i-plus" viewBox="0 0 16 16"><path d="M8 3v10M3 8h10" stroke="currentColor" s'
        'troke-width="1.700" stroke-linecap="round"/></symbol>'
    ),
    "print": (
        '<symbol id="i-print" viewBox="0 0 16 16"><path d="M4.500 6V2.200h7V6M4.500 11.500H2.800A'
        ".8.8 0 0 1 2 10.700V6.800c0-.4.4-.8.800-.8h10.400c.4 0 .8.4.8.800v3.900c0 .4-.4.8-.8.800"
        'h-1.700M4.500 9.500h7v4.300h-7z" fill="none" stroke="currentColor" stroke-width="1.300" '
        'stroke-linejoin="round"/></symbol>'
    ),
    "search": (
        '<symbol id="i-search" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.600" fill="none" st'
        'roke="currentColor" stroke-width="1.500"/><path d="M10.500 10.500L14 14" stroke="current'
        'Color" stroke-width="1.600" stroke-linecap="round"/></symbol>'
    ),
    "left": (
        '<symbol id="i-left" viewBox="0 0 16 16"><path d="M10 3L5 8l5 5" fill="none" stroke="curr'
        'entColor" stroke-width="1.700" stroke-linecap="round" stroke-linejoin="round"/></symbol>'
    ),
    "right": (
        '<symbol id="i-right" viewBox="0 0 16 16"><path d="M6 3l5 5-5 5" fill="none" stroke="curr'
        'entColor" stroke-width="1.700" stroke-linecap="round" stroke-linejoin="round"/></symbol>'
    ),
    "down": (
        '<symbol id="i-down" viewBox="0 0 16 16"><path d="M3.500 6L8 10.500 12.500 6" fill="none"'
        ' stroke="currentColor" stroke-width="1.700" stroke-linecap="round" stroke-linejoin="roun'
        'd"/></symbol>'
    ),
    "cal": (
        '<symbol id="i-cal" viewBox="0 0 16 16"><rect x="2.200" y="3.200" width="11.600" height="'
        '10.600" rx="1.400" fill="none" stroke="currentColor" stroke-width="1.300"/><path d="M2.2'
        '00 6.600h11.600M5.200 1.700v2.800M10.800 1.700v2.800" stroke="currentColor" stroke-width'
        '="1.300" stroke-linecap="round"/></symbol>'
    ),
    "phone": (
        '<symbol id="i-phone" viewBox="0 0 16 16"><path d="M3.200 2.500h2.300l1.200 3-1.500 1.100'
        "a8.500 8.500 0 0 0 4.200 4.200l1.100-1.500 3 1.200v2.300c0 .6-.5 1-1.100 1A10.400 10.400"
        ' 0 0 1 2.200 3.600c0-.6.4-1.100 1-1.100z" fill="none" stroke="currentColor" stroke-width'
        '="1.300" stroke-linejoin="round"/></symbol>'
    ),
    "down2": (
        '<symbol id="i-down2" viewBox="0 0 16 16"><path d="M8 2v8M4.500 7L8 10.500 11.500 7M2.500'
        ' 13.500h11" fill="none" stroke="currentColor" stroke-width="1.500" stroke-linecap="round'
        '" stroke-linejoin="round"/></symbol>'
    ),
    "copy": (
        '<symbol id="i-copy" viewBox="0 0 16 16"><rect x="5.500" y="5.500" width="8" height="8.30'
        '0" rx="1.200" fill="none" stroke="currentColor" stroke-width="1.300"/><path d="M3.500 10'
        '.500h-.3a1 1 0 0 1-1-1V3.200c0-.6.500-1 1-1h6.100c.6 0 1 .400 1 1v.3" fill="none" stroke'
        '="currentColor" stroke-width="1.300"/></symbol>'
    ),
    "shield": (
        '<symbol id="i-shield" viewBox="0 0 16 16"><path d="M8 1.700l5.300 1.900v4c0 3.200-2.100 '
        '5.500-5.300 6.800-3.200-1.300-5.300-3.600-5.300-6.800v-4z" fill="none" stroke="currentCo'
        'lor" stroke-width="1.400" stroke-linejoin="round"/><path d="M5.600 8l1.700 1.700L10.600 '
        '6" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="round" stroke-'
        'linejoin="round"/></symbol>'
    ),
    "cloud": (
        '<symbol id="i-cloud" viewBox="0 0 16 16"><path d="M4.500 12.500a3 3 0 0 1-.4-6 4 4 0 0 1'
        ' 7.700 0 3 3 0 0 1-.3 6z" fill="none" stroke="currentColor" stroke-width="1.300" stroke-'
        'linejoin="round"/><path d="M6 9.300l1.500 1.400 2.700-2.900" fill="none" stroke="current'
        'Color" stroke-width="1.300" stroke-linecap="round" stroke-linejoin="round"/></symbol>'
    ),
    "dots": (
        '<symbol id="i-dots" viewBox="0 0 16 16"><circle cx="3.500" cy="8" r="1.300" fill="curren'
        'tColor"/><circle cx="8" cy="8" r="1.300" fill="currentColor"/><circle cx="12.500" cy="8"'
        ' r="1.300" fill="currentColor"/></symbol>'
    ),
    "home": (
        '<symbol id="i-home" viewBox="0 0 16 16"><path d="M2.300 7.600L8 2.500l5.700 5.100M4 6.80'
        '0v6.500h8V6.800" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="'
        'round" stroke-linejoin="round"/></symbol>'
    ),
    "people": (
        '<symbol id="i-people" viewBox="0 0 16 16"><circle cx="6" cy="5.300" r="2.500" fill="none'
        '" stroke="currentColor" stroke-width="1.300"/><path d="M1.500 13.500c0-2.700 2-4.200 4.5'
        "00-4.200s4.500 1.500 4.500 4.200M10.500 3a2.500 2.500 0 0 1 0 4.700M12 9.700c1.600.5 2.6"
        '00 1.800 2.600 3.800" fill="none" stroke="currentColor" stroke-width="1.300" stroke-line'
        'cap="round"/></symbol>'
    ),
    "chart": (
        '<symbol id="i-chart" viewBox="0 0 16 16"><path d="M2.200 2.500v11h11.600" fill="none" st'
        'roke="currentColor" stroke-width="1.300" stroke-linecap="round"/><path d="M4 11.500h2V9h'
        '2.500V6.500H11V4h2.500" fill="none" stroke="currentColor" stroke-width="1.500" stroke-li'
        'nejoin="round"/></symbol>'
    ),
}
