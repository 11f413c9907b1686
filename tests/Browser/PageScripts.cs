namespace Ballast.Browser;

/// <summary>Scripts that measure the page as it stands. They read; none of them changes anything.</summary>
internal static class PageScripts
{
    private const string Describe = """
        const describe = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (typeof e.className === 'string' && e.className ? '.' + e.className.trim().replaceAll(/\s+/g, '.') : '')
            + ' "' + (e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40) + '"';
        const shown = e => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.getClientRects().length > 0;
        """;

    /// <summary>What sticks out of the window sideways; empty if nothing does.</summary>
    public const string Overflow = "() => {" + Describe + """
        const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return [];
        const out = [...document.body.querySelectorAll('*')].filter(e => shown(e) && e.getBoundingClientRect().right > root.clientWidth + 0.5);
        return ['the page is ' + root.scrollWidth + ' wide in a window of ' + root.clientWidth, ...out.slice(0, 8).map(describe)];
        }
        """;

    /// <summary>Texts that are cut off and that no title completes.</summary>
    public const string Clipped = "() => {" + Describe + """
        const cut = e => {
            const style = getComputedStyle(e);
            const sideways = ['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
            const down = ['hidden', 'clip'].includes(style.overflowY) && e.scrollHeight > e.clientHeight + 2;
            return (sideways || down) && e.clientWidth > 1 && e.clientHeight > 1;
        };
        const named = e => e.closest('[title]') !== null;
        return [...document.body.querySelectorAll('*')]
            .filter(e => shown(e) && e.textContent.trim() !== '' && !(e instanceof SVGElement) && cut(e) && !named(e))
            .map(e => describe(e) + ' ' + e.scrollWidth + 'x' + e.scrollHeight + ' in ' + e.clientWidth + 'x' + e.clientHeight);
        }
        """;

    /// <summary>Where the focus is, whether one can see it, and whether it is still where it was at the last look; null on nothing.</summary>
    public const string Focus = "() => {" + Describe + """
        const e = document.activeElement;
        if (!e || e === document.body || e === document.documentElement) return null;
        window.ballastSeen ??= new Set();
        const same = window.ballastLast === e;
        const repeated = window.ballastSeen.has(e) && !same;
        window.ballastSeen.add(e);
        window.ballastLast = e;
        const style = getComputedStyle(e);
        const box = e.getBoundingClientRect();
        const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
        const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
        const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 2), y = Math.min(Math.max((box.top + box.bottom) / 2, 1), innerHeight - 2);
        const top = document.elementFromPoint(x, y);
        const free = inside && top !== null && (e.contains(top) || top.contains(e) || [...(e.labels ?? [])].some(l => l.contains(top)));
        return { what: describe(e), same, repeated, ring, inside, free };
        }
        """;

    /// <summary>Everything that the tab key should reach.</summary>
    public const string Tabbable = "() => {" + Describe + """
        const modal = document.querySelector('dialog[open]');
        const all = [...(modal ?? document).querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')]
            .filter(e => shown(e) && !e.disabled && e.tabIndex >= 0 && !e.closest('[inert]'));
        const radios = new Set();
        return all.filter(e => {
            if (e.type !== 'radio' || !e.name) return true;
            const group = [...document.getElementsByName(e.name)];
            const one = group.find(r => r.checked) ?? group[0];
            return one === e && !radios.has(e.name) && radios.add(e.name);
        }).map(describe);
        }
        """;

    /// <summary>Every text that a person meets, names of controls included; not what is marked as being in another language, nor code.</summary>
    public const string Texts = """
        () => {
            const found = [];
            const foreign = e => { const marked = e.closest('[lang],[translate=no],code,kbd,pre,script,style,noscript,option[value=de],option[value=en]'); return marked !== null && marked !== document.documentElement; };
            const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
            while (walker.nextNode()) {
                const node = walker.currentNode;
                const e = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
                if (e === null || foreign(e) || !e.checkVisibility()) continue;
                const add = t => { const text = (t ?? '').trim(); if (text !== '') found.push(text); };
                if (node.nodeType === Node.TEXT_NODE) add(node.textContent);
                else for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext']) add(e.getAttribute(name));
            }
            found.push(document.title);
            return found;
        }
        """;
}
