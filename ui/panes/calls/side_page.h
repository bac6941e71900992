// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "ui/panes/calls/call_sides.h"

#include <QWidget>

class QStackedLayout;

namespace ui::widgets {
class Label;
class SectionBanner;
}

namespace ui::calls {

class SideText;

/// The requests or the answers of two calls side by side; that they are identical, or why there is nothing to compare.
class SidePage final : public QWidget
{
    Q_OBJECT
public:
    explicit SidePage(BodyKind kind, QWidget *parent = nullptr);
    /// @param kept  whether the configuration keeps bodies at all
    void setCalls(const gateway::CallDetail &left, const gateway::CallDetail &right, bool kept);
    /// In a few words: "identical", "3 lines differ", "cannot be compared".
    [[nodiscard]] const QString &outcome() const { return m_outcome; }

private:
    void say(const QString &words);

    BodyKind m_kind;
    QString m_outcome;
    widgets::SectionBanner *m_cut;
    widgets::Label *m_words;
    SideText *m_text;
    QWidget *m_texts;
    QStackedLayout *m_pages;
};

} // namespace ui::calls
