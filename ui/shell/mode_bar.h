// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QWidget>

class QVBoxLayout;

namespace ui::shell {

/// The bar of panes at the left: 72 px wide, logo, entries of icon and label, the chosen one on the surface colour with
/// an accent edge. Settings stand at the bottom. Entries are 56 px high, and less where the window is low.
class ModeBar final : public QWidget
{
    Q_OBJECT
public:
    explicit ModeBar(QWidget *parent = nullptr);
    void addMode(const QString &id, widgets::Icon icon, const QString &label, const QString &shortcut, bool atBottom);
    void addSeparator();
    void setCurrent(const QString &id);
    /// A number at a mode; 0: none. @param words  the same, for those who do not see it
    void setBadge(const QString &id, int number, const QString &words);

Q_SIGNALS:
    void chosen(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    class ModeButton *find(const QString &id) const;
    QVBoxLayout *m_top;
    QVBoxLayout *m_bottom;
    QList<class ModeButton *> m_buttons;
};

} // namespace ui::shell
