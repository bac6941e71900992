// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/empty_list.h"

#include "ui/widgets/format.h"
#include "ui/widgets/states.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::calls::CallsPane", text); }

} // namespace

widgets::EmptyState *makeEmptyList(const EmptyList &list, const std::function<void(EmptyWay)> &go)
{
    using widgets::Button;
    using widgets::Icon;
    auto *empty = new widgets::EmptyState({});
    empty->setObjectName(u"calls.empty"_s);
    const auto offer = [&](Icon icon, const QString &text, EmptyWay way, Button::Kind kind = Button::Kind::Plain) {
        QObject::connect(empty->setAction(icon, text, kind), &QPushButton::clicked, empty, [go, way] { go(way); });
    };
    empty->setPicture(list.never);
    if (list.never) {
        empty->setSentence(tr("No calls yet. The first one shows up here at once."));
        offer(Icon::Terminal, tr("Show me how to call"), EmptyWay::FirstRun, Button::Kind::Primary);
        return empty;
    }
    if (list.filter.isEmpty()) {
        empty->setSentence(tr("No call %1.").arg(list.when));
        if (list.brushed)
            offer(Icon::Close, tr("Show the whole range"), EmptyWay::WholeRange);
        else
            offer(Icon::Clock, tr("Show the last 30 days"), EmptyWay::LastDays);
        return empty;
    }
    empty->setSentence(tr("No call matches <code>%1</code> %2.").arg(list.filter.toHtmlEscaped(), list.when));
    if (list.hidden)
        empty->setNote(tr("%1 calls are hidden by the filter.").arg(widgets::count(*list.hidden)));
    offer(Icon::Close, tr("Clear filter"), EmptyWay::ClearFilter);
    return empty;
}

} // namespace ui::calls
