// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/off_state.h"

#include "ui/bridge/text.h"
#include "ui/widgets/states.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using widgets::Button;
using widgets::Icon;

OffState::OffState(QWidget *parent) : QWidget(parent), m_empty(new widgets::EmptyState(tr("The cache is off: every call is asked and paid for anew."))), m_route(new QComboBox), m_button(new Button(Button::Kind::Primary, Icon::Check, tr("Turn on exact caching")))
{
    m_route->setObjectName(u"cache.off.route"_s);
    m_route->setAccessibleName(tr("Route whose answers are kept"));
    m_route->setMinimumWidth(200);
    m_route->setMinimumHeight(28);
    m_button->setObjectName(u"cache.off.turnOn"_s);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    row->addWidget(m_route);
    row->addWidget(m_button);
    row->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addStretch(2);
    column->addWidget(m_empty);
    column->addLayout(row);
    column->addStretch(3);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_route->count() == 0)
            Q_EMIT routeWanted();
        else
            Q_EMIT turnOnWanted(m_route->currentText());
    });
}

void OffState::setConfig(const gateway::config::Config &config)
{
    const QString chosen = m_route->currentText();
    m_route->clear();
    for (const auto &route : config.routes) {
        if (route.origin != gateway::config::Origin::File)
            m_route->addItem(qt(route.name));
    }
    m_route->setCurrentIndex(std::max(0, m_route->findText(chosen)));
    const bool any = m_route->count() > 0;
    m_route->setVisible(any);
    m_empty->setSentence(any || config.routes.empty() ? tr("The cache is off: every call is asked and paid for anew.") : tr("The cache is off, and all routes are set by the --config file: turn it on there."));
    m_button->setText(any ? tr("Turn on exact caching") : tr("Make a route first"));
    m_button->setVisible(any || config.routes.empty());
    m_empty->setNote(any ? tr("Whoever asks a route for the very same again within 10 minutes gets the kept answer, within the team of the key.") : QString());
}

QWidget *OffState::focusTarget() const { return m_route->isVisibleTo(this) ? static_cast<QWidget *>(m_route) : m_button; }

} // namespace ui::cache
