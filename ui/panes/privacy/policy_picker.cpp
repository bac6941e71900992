// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/policy_picker.h"

#include "ui/widgets/segmented_control.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace ui::privacy {

PolicyPicker::PolicyPicker(QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this)), m_list(new QComboBox)
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->addWidget(m_list);
    m_list->setObjectName(u"privacy.policy.list"_s);
    m_list->setAccessibleName(tr("Policy"));
    m_list->setMinimumHeight(28);
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_list->setMinimumContentsLength(8);
    m_list->hide();
    connect(m_list, &QComboBox::activated, this, [this](int index) {
        m_current = index;
        Q_EMIT chosen(index);
    });
}

void PolicyPicker::setPolicies(const QStringList &names, int current)
{
    if (names == m_names && current == m_current)
        return;
    const bool same = names == m_names;
    m_names = names;
    m_current = current;
    if (!same)
        return rebuild();
    const QSignalBlocker quietStrip(m_strip), quietList(m_list);
    if (m_strip)
        m_strip->setCurrent(current);
    m_list->setCurrentIndex(current);
}

void PolicyPicker::setRoom(int pixels)
{
    if (pixels == m_room)
        return;
    m_room = pixels;
    const bool fits = m_strip && m_strip->sizeHint().width() <= m_room;
    if (m_strip) {
        m_strip->setVisible(fits);
        m_list->setVisible(!fits);
    }
}

void PolicyPicker::rebuild()
{
    const bool hadKeys = m_strip && m_strip->hasFocus();
    if (m_strip) {
        m_strip->hide();
        m_strip->deleteLater(); // it may be what is telling of a choice
    }
    m_strip = new widgets::SegmentedControl(m_names);
    m_strip->setObjectName(u"privacy.policies"_s);
    m_strip->setCurrent(m_current);
    m_row->insertWidget(0, m_strip);
    connect(m_strip, &widgets::SegmentedControl::currentChanged, this, [this](int index) {
        m_current = index;
        Q_EMIT chosen(index);
    });
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    m_list->addItems(m_names);
    m_list->setCurrentIndex(m_current);
    const bool fits = m_strip->sizeHint().width() <= m_room;
    m_strip->setVisible(fits && !m_names.isEmpty());
    m_list->setVisible(!fits && !m_names.isEmpty());
    if (hadKeys)
        m_strip->setFocus();
}

} // namespace ui::privacy
