// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/route_canvas.h"
#include "ui/widgets/card.h"

#include <QCheckBox>

namespace ui::widgets {
class SegmentedControl;
}

namespace ui::routes {

/// Above the picture: what can be put in (click, or drag onto the picture), the live overlay, picture or text.
class AddBar final : public widgets::Panel
{
    Q_OBJECT
public:
    explicit AddBar(QWidget *parent);
    void setEditable(bool editable);
    void setReferencePossible(bool possible);
    void setYaml(bool yaml);
    [[nodiscard]] widgets::SegmentedControl *view() const { return m_view; }
    [[nodiscard]] QCheckBox *overlay() const { return m_overlay; }

Q_SIGNALS:
    void insertWanted(ui::routes::NodeKind kind);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QStringList m_texts;
    QWidget *m_label;
    QList<widgets::Button *> m_buttons;
    QList<NodeKind> m_kinds; ///< of the buttons
    QCheckBox *m_overlay;
    widgets::SegmentedControl *m_view;
    QPoint m_pressedAt;
    bool m_editable = true, m_possible = true, m_yaml = false;
    void addButton(NodeKind kind, const QString &text, const QString &name, const QString &tip);
    void enable();
};

/// Zoom at the left, the legend at the right, floating over the picture's lower edge.
class CanvasFooter final : public QWidget
{
    Q_OBJECT
public:
    explicit CanvasFooter(RouteCanvas *canvas);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void place();
    RouteCanvas *m_canvas;
    widgets::Button *m_percent;
};

} // namespace ui::routes
