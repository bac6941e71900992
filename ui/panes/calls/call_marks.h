// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/mark_tools.h"
#include "ui/panes/pane.h"

#include <QObject>
#include <QStringList>

namespace ui::calls {

class CallListModel;

/// Marks calls, with a toast that undoes it, and keeps the list up to date with marks, whoever sets them. GUI thread.
class CallMarks final : public QObject
{
    Q_OBJECT
public:
    CallMarks(const panes::PaneContext &context, CallListModel *model, QObject *parent);

    [[nodiscard]] bool offered() const { return m_tools != nullptr; }
    void setColour(const QStringList &ids, int colour); ///< 0: none
    void setComment(const QString &id, const QString &text);

Q_SIGNALS:
    void changed(const QString &id, const gateway::MarkChange &change); ///< a call's mark, by whom ever

private:
    void apply(std::vector<gateway::MarkChange> changes, std::function<QString(qsizetype)> words);
    void undo(const std::vector<gateway::MarkChange> &before);

    panes::PaneContext m_context;
    gateway::api::MarkTools *m_tools;
};

} // namespace ui::calls
