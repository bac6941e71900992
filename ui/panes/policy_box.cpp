// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/policy_box.h"

#include "ui/bridge/text.h"

#include <QComboBox>
#include <QSignalBlocker>

namespace ui::panes {

void fillPolicies(QComboBox *box, const gateway::config::Config &config, const std::string &chosen, const QString &none)
{
    QStringList names {QString()};
    for (const auto &policy : config.privacyPolicies)
        names << bridge::qt(policy.name);
    if (const QString name = bridge::qt(chosen); !names.contains(name))
        names << name;
    QStringList before;
    for (int i = 0; i < box->count(); ++i)
        before << box->itemData(i).toString();
    const QSignalBlocker quiet(box);
    if (before != names || box->itemText(0) != none) {
        box->clear();
        for (const QString &name : names)
            box->addItem(name.isEmpty() ? none : name, name);
    }
    box->setCurrentIndex(box->findData(bridge::qt(chosen)));
}

} // namespace ui::panes
