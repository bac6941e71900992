// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;

namespace ui::widgets {
class SegmentedControl;
}

namespace ui::privacy {

/// Chooses a policy: side by side where there is room for all, else as a list.
class PolicyPicker final : public QWidget
{
    Q_OBJECT
public:
    explicit PolicyPicker(QWidget *parent = nullptr);
    void setPolicies(const QStringList &names, int current);
    void setRoom(int pixels); ///< that it may take
    [[nodiscard]] int current() const { return m_current; }

Q_SIGNALS:
    void chosen(int index);

private:
    void chooseShape();

    QStringList m_names;
    int m_current = -1, m_room = 400;
    widgets::SegmentedControl *m_strip;
    QComboBox *m_list;
};

} // namespace ui::privacy
