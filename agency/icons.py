"""The house's own drawings: line icons on a 16-unit square, and the seven state marks on a 12-unit square.

Everything here is fixed text written by us, so it may go into a page as markup; nothing a person types ever comes near it.
"""

ICONS = {
    "approvals": '<path d="M5.5 10.5C5.5 8.5 6.5 8 6.5 6.5 5 3 11 3 9.5 6.5c0 1.5 1 2 1 4M3.5 10.5h9v2h-9zM3.5 14.5h9"/>',
    "arrow": '<path d="M2.5 8h11M9.5 4l4 4-4 4"/>',
    "back": '<path d="M13.5 8h-11M6.5 4l-4 4 4 4"/>',
    "bell": '<path d="M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM7 14.5h2"/>',
    "briefs": '<path d="M4 2h5.5l3 3v9H4zM9.5 2v3h3M6 8h4.5M6 10.5h4.5"/>',
    "campaigns": '<path d="M2 6v4h2.5l6.5 3V3L4.5 6zM13.5 6.5v3M5.5 10l1 3.5"/>',
    "chart": '<path d="M2 1.5v13h12.5M5 12V8.5M8.5 12V4M12 12V6.5"/>',
    "check": '<path d="M2.5 8.5l3.5 3.5 7.5-8"/>',
    "clients": '<path d="M2 5.5h4l1.5-2H14V13H2zM2 8.5h12"/>',
    "clock": '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>',
    "close": '<path d="M3.5 3.5l9 9M12.5 3.5l-9 9"/>',
    "columns": '<path d="M2 2.5h12v11H2zM6 2.5v11M10 2.5v11"/>',
    "company": '<path d="M3 14V2.5h7V14M10 6.5h3V14M1.5 14h13M5 5h1M7.5 5h.5M5 8h1M7.5 8h.5M5 11h1M7.5 11h.5"/>',
    "desk": '<path d="M2 9.5h12M3.5 9.5v4M12.5 9.5v4M5 9.5v-3h6v3M8 6.5V3M6 3h4"/>',
    "down": '<path d="M4 6l4 4 4-4"/>',
    "download": '<path d="M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11"/>',
    "edit": '<path d="M3 13l.8-3.2L10.5 3 13 5.5l-6.8 6.7zM9 4.5L11.5 7"/>',
    "evaluation": '<path d="M3 2.5h10V14H3zM5.5 6l1 1L8 5.5M9.5 6.5h1.5M5.5 10l1 1L8 9.5M9.5 10.5h1.5"/>',
    "history": '<path d="M2.5 8a5.5 5.5 0 1 0 1.8-4.1M2.5 2.5v2.3h2.3M8 5v3l2 1.5"/>',
    "key": '<circle cx="5.5" cy="10.5" r="3"/><path d="M7.7 8.3L13.5 2.5M11 5l2 2"/>',
    "lock": '<path d="M3.5 7.5h9V14h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5"/>',
    "leave": '<path d="M6.5 2.5H3v11h3.5M6.5 8H14M11 5l3 3-3 3"/>',
    "meetings": '<path d="M2 4.5h8v6H5.5L3 12.5v-2H2zM12 7h2v5h-1v2l-2.5-2H7"/>',
    "menu": '<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>',
    "mark": '<circle cx="8" cy="8" r="4.5"/><path d="M8 .8v14.4M.8 8h14.4"/>',
    "more": '<path stroke-width="2.2" d="M3 8h.01M8 8h.01M13 8h.01"/>',
    "new_business": '<path d="M2 13h12M3 10l3.5-3.5L9 9l4-5M10 4h3v3"/>',
    "open": '<path d="M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9.5v4h-9v-9h4"/>',
    "people": '<circle cx="6" cy="5.5" r="2.5"/>'
    '<path d="M1.5 13.5c.3-5 8.7-5 9 0M10.5 3.3a2.5 2.5 0 0 1 0 4.4M12 9.5c1.6.6 2.5 2 2.5 4"/>',
    "plan": '<path d="M3 2h10v12H3zM5.5 5h5M5.5 8h5M5.5 11h3"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "reports": '<path d="M3 2h10v12H3zM5.5 11.5v-3M8 11.5v-6M10.5 11.5V7"/>',
    "schedule": '<path d="M2 3.5h6M5 8h7M8.5 12.5H14M2 1.5v13"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5L14 14"/>',
    "share": '<circle cx="12" cy="3.5" r="2"/><circle cx="4" cy="8" r="2"/><circle cx="12" cy="12.5" r="2"/>'
    '<path d="M5.8 7l4.4-2.5M5.8 9l4.4 2.5"/>',
    "undo": '<path d="M6 3L2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H6"/>',
}  # fmt: skip

MARKS = {
    "draft": '<circle class="mark__none" cx="6" cy="6" r="4.6" stroke-dasharray="2 1.9"/>',
    "ours": '<circle class="mark__none" cx="6" cy="6" r="4.6"/><path stroke="none" d="M6 1.4a4.6 4.6 0 0 0 0 9.2z"/>',
    "client": '<circle class="mark__none" cx="6" cy="6" r="4.6"/><path stroke="none" d="M6 1.4a4.6 4.6 0 0 1 0 9.2z"/>',
    "done": '<path class="mark__none" stroke-width="2" d="M1.8 6.6l2.9 2.8 5.5-6.5"/>',
    "risk": '<path d="M6 1.6l5 8.8H1z"/><path class="mark__cut" d="M6 5v2.2M6 9v.1"/>',
    "late": '<rect x="1.3" y="1.3" width="9.4" height="9.4" rx="1"/><path class="mark__cut" d="M6 3.4v3.2M6 8.7v.1"/>',
    "stopped": '<path stroke-width="2.2" d="M3.7 2v8M8.3 2v8"/>',
}
