// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/used_by_tab.h"

#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace widgets;

UsedByTab::UsedByTab(QWidget *parent) : QWidget(parent), m_words(new Label(Label::Kind::Secondary)), m_column(new QVBoxLayout(this))
{
    m_words->setWordWrap(true);
    m_column->setContentsMargins(16, 16, 16, 16);
    m_column->setSpacing(8);
    m_column->addWidget(m_words);
    m_column->addStretch(1);
}

void UsedByTab::show(const QString &provider, const QStringList &routes)
{
    m_words->setText(routes.isEmpty() ? tr("No route sends calls to %1.").arg(provider) : tr("These routes send calls to %1. Switching it off takes it out of them.").arg(provider));
    if (m_links && routes == m_routes)
        return;
    m_routes = routes;
    delete m_links;
    m_links = new QWidget;
    auto *links = new QVBoxLayout(m_links);
    links->setContentsMargins(0, 0, 0, 0);
    links->setSpacing(4);
    for (const QString &name : routes) {
        auto *link = new Button(Button::Kind::Link, Icon::Routes, name);
        link->setObjectName(u"providers.usedBy.%1"_s.arg(name));
        link->setAccessibleName(tr("Open route %1").arg(name));
        connect(link, &QPushButton::clicked, this, [this, name] { Q_EMIT routeWanted(name); });
        links->addWidget(link, 0, Qt::AlignLeft);
    }
    m_column->insertWidget(1, m_links);
}

} // namespace ui::providers
