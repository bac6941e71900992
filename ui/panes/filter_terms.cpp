// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/filter_terms.h"

#include "gateway/core/call_filter.h"
#include "ui/bridge/text.h"

#include <algorithm>
#include <span>

namespace ui::panes {
namespace {

using gateway::CallFilter;

bool same(const CallFilter::Node &a, const CallFilter::Node &b)
{
    return a.kind == b.kind && a.field == b.field && a.op == b.op && a.value == b.value && a.prefix == b.prefix && std::ranges::equal(a.children, b.children, same);
}

/// What all have to hold.
std::span<const CallFilter::Node> termsOf(const CallFilter::Node &root)
{
    return root.kind == CallFilter::Kind::And ? std::span(root.children) : std::span(&root, 1);
}

QString enclosed(const QString &text, const CallFilter &filter)
{
    return filter.root().kind == CallFilter::Kind::Or ? u'(' + text + u')' : text;
}

} // namespace

QString withFilter(const QString &filter, const QString &added)
{
    const auto first = CallFilter::parse(bridge::utf8(filter));
    const auto second = CallFilter::parse(bridge::utf8(added));
    if (!first || first->empty())
        return added;
    if (!second || second->empty())
        return filter;
    const auto asked = [known = termsOf(first->root())](const CallFilter::Node &term) { return std::ranges::any_of(known, [&term](const CallFilter::Node &each) { return same(each, term); }); };
    if (std::ranges::all_of(termsOf(second->root()), asked))
        return filter;
    return enclosed(filter, *first) + u' ' + enclosed(added, *second);
}

} // namespace ui::panes
