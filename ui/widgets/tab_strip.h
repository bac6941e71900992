// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::widgets {

/// Flat tabs with a 2 px accent line under the chosen one, 36 px high. Combine with a QStackedWidget.
class TabStrip final : public QWidget
{
    Q_OBJECT
public:
    explicit TabStrip(const QStringList &tabs, QWidget *parent = nullptr);
    [[nodiscard]] int current() const { return m_current; }
    void setCurrent(int index);
    void setTabs(const QStringList &tabs);
    void setMargin(int pixels);   ///< at the left; 16 by default, 0 inside dialogs
    void setLine(bool line);      ///< the 1 px line along the bottom; on by default
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {40, 36}; }

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QRect tabRect(int index) const;

    QStringList m_tabs;
    int m_current = 0;
    int m_margin = 16;
    bool m_line = true;
};

} // namespace ui::widgets
