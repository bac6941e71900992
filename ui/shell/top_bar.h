// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/view_context.h"

#include <QWidget>

class QMenu;

namespace ui::widgets {
class Button;
class Chip;
class Label;
}

namespace ui::shell {

/// Title, and at the right the range, Live, refresh and the palette. 48 px.
class TopBar final : public QWidget
{
    Q_OBJECT
public:
    explicit TopBar(bridge::ViewContext *view, QWidget *parent = nullptr);
    void setTitle(const QString &title);
    void setDemo(bool demo);
    void openRangeMenu();

Q_SIGNALS:
    void paletteRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void fillRangeMenu();
    void openRangeDialog();
    void showRange();
    void showLive();

    bridge::ViewContext *m_view;
    widgets::Label *m_title;
    widgets::Chip *m_demo;
    widgets::Button *m_range;
    widgets::Button *m_zoomOut;
    widgets::Button *m_live;
    QMenu *m_ranges;
};

} // namespace ui::shell
