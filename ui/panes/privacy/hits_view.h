// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/finding_hits.h"

#include <QWidget>

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::privacy {

/// What a rule or guardrail found in the last 24 hours: a bar an hour, figures, and the way to the calls.
class HitsView final : public QWidget
{
    Q_OBJECT
public:
    explicit HitsView(QWidget *parent = nullptr);

    /// @param hits  nullopt: not known; @param note  what is to be said beside it: why, or from when on is counted
    void show(const std::optional<Hits> &hits, const QString &note);
    using QWidget::show;

Q_SIGNALS:
    void callsWanted();

private:
    class Bars;
    Bars *m_bars;
    widgets::Label *m_figures, *m_note;
    widgets::Button *m_calls;
};

} // namespace ui::privacy
