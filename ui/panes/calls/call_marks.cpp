// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_marks.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_list_model.h"
#include "ui/panes/calls/mark_look.h"
#include "ui/widgets/format.h"

#include <QPointer>

using namespace Qt::StringLiterals;

namespace ui::calls {

using gateway::MarkChange;

CallMarks::CallMarks(const panes::PaneContext &context, CallListModel *model, QObject *parent) : QObject(parent), m_context(context), m_tools(gateway::api::MarkTools::of(*context.gateway))
{
    if (!m_tools)
        return;
    connect(m_tools, &gateway::api::MarkTools::marked, model, [this, model](const std::vector<MarkChange> &changes) {
        model->changeMarks(changes);
        for (const MarkChange &change : changes)
            Q_EMIT changed(bridge::qt(change.callId), change);
    });
}

void CallMarks::setColour(const QStringList &ids, int colour)
{
    if (ids.isEmpty())
        return;
    std::vector<MarkChange> changes;
    for (const QString &id : ids)
        changes.push_back({.callId = bridge::utf8(id), .colour = colour});
    apply(std::move(changes), [colour](qsizetype calls) {
        if (colour == 0)
            return calls == 1 ? tr("Colour taken off the call") : tr("Colour taken off %1 calls").arg(widgets::count(std::uint64_t(calls)));
        return calls == 1 ? tr("Call marked %1").arg(markName(colour)) : tr("%1 calls marked %2").arg(widgets::count(std::uint64_t(calls)), markName(colour));
    });
}

void CallMarks::setComment(const QString &id, const QString &text)
{
    apply({{.callId = bridge::utf8(id), .comment = bridge::utf8(text)}}, [none = text.isEmpty()](qsizetype) { return none ? tr("Comment removed") : tr("Comment kept"); });
}

void CallMarks::apply(std::vector<MarkChange> changes, std::function<QString(qsizetype)> words)
{
    if (!m_tools)
        return;
    m_tools->mark(std::move(changes), this, [this, words = std::move(words)](const gateway::Result<std::vector<MarkChange>> &before) {
        if (!before) {
            m_context.view->toast(tr("Not marked: %1").arg(bridge::qt(before.error().message)));
            return;
        }
        m_context.view->toast(words(qsizetype(before->size())), [self = QPointer<CallMarks>(this), before = *before] {
            if (self)
                self->undo(before);
        });
    });
}

void CallMarks::undo(const std::vector<MarkChange> &before)
{
    m_tools->mark(before, this, [this](const gateway::Result<std::vector<MarkChange>> &undone) {
        if (!undone)
            m_context.view->toast(tr("Not undone: %1").arg(bridge::qt(undone.error().message)));
    });
}

} // namespace ui::calls
