// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/policy_picker.h"

#include "ui/widgets/segmented_control.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace ui::privacy {

PolicyPicker::PolicyPicker(QWidget *parent) : QWidget(parent), m_strip(new widgets::SegmentedControl({})), m_list(new QComboBox)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_strip);
    row->addWidget(m_list);
    m_strip->setObjectName(u"privacy.policies"_s);
    m_list->setObjectName(u"privacy.policy.list"_s);
    m_list->setAccessibleName(tr("Policy"));
    m_list->setMinimumHeight(28);
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_list->setMinimumContentsLength(8);
    const auto choose = [this](int index) {
        m_current = index;
        Q_EMIT chosen(index);
    };
    connect(m_strip, &widgets::SegmentedControl::currentChanged, this, choose);
    connect(m_list, &QComboBox::activated, this, choose);
    chooseShape();
}

void PolicyPicker::setPolicies(const QStringList &names, int current)
{
    const QSignalBlocker quietStrip(m_strip), quietList(m_list);
    if (names != m_names) {
        m_names = names;
        m_strip->setItems(names);
        m_list->clear();
        m_list->addItems(names);
    }
    m_current = current;
    m_strip->setCurrent(current);
    m_list->setCurrentIndex(current);
    chooseShape();
}

void PolicyPicker::setRoom(int pixels)
{
    m_room = pixels;
    chooseShape();
}

void PolicyPicker::chooseShape()
{
    const bool fits = m_strip->sizeHint().width() <= m_room;
    m_strip->setVisible(fits && !m_names.isEmpty());
    m_list->setVisible(!fits && !m_names.isEmpty());
}

} // namespace ui::privacy
