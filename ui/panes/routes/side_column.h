// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/card.h"

class QStackedWidget;

namespace ui::widgets {
class Label;
}

namespace ui::routes {

inline constexpr int inspectorWidth = 288;

/// Something that stands in the inspector's place while it is asked for: it has a title, and a cross that brings the
/// inspector back.
class SidePanel : public widgets::Panel
{
    Q_OBJECT
public:
    SidePanel(widgets::Icon icon, const QString &title, QWidget *parent, int wantedWidth = inspectorWidth);
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    [[nodiscard]] int wantedWidth() const { return m_wantedWidth; }
    virtual QWidget *firstField() = 0;

Q_SIGNALS:
    void closeWanted();

protected:
    void keyPressEvent(QKeyEvent *event) override; ///< Esc closes
    /// A column that fills the body and scrolls up and down.
    QVBoxLayout *addScrolledColumn();

private:
    QVBoxLayout *m_body;
    int m_wantedWidth;
};

/// The right column of the pane: the inspector, or one of the panels that were added, each as wide as it wants to be where
/// there is room, and else as the inspector.
class SideColumn final : public QWidget
{
    Q_OBJECT
public:
    SideColumn(QWidget *inspector, QWidget *parent);
    void add(SidePanel *panel); ///< takes it over
    /// nullptr: the inspector.
    void open(SidePanel *panel);
    [[nodiscard]] bool isOpen(const SidePanel *panel) const;
    [[nodiscard]] QSize sizeHint() const override { return {maximumWidth(), 0}; } ///< as wide as may be

Q_SIGNALS:
    void changed();

private:
    QStackedWidget *m_stack;
};

} // namespace ui::routes
