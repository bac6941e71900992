// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/chain_bar.h"

#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::settings {

using widgets::Icon;
using widgets::Label;
using widgets::Role;

ChainBar::ChainBar(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : QWidget(parent), m_gateway(gateway), m_view(view), m_chain(new ChainView), m_words(new widgets::StateLabel), m_when(new Label(Label::Kind::Note)),
      m_now(new widgets::Button(Icon::Refresh, tr("Check now"))), m_trouble(new widgets::SectionBanner), m_line(new QHBoxLayout)
{
    m_words->setObjectName(u"settings.audit.chain"_s);
    m_now->setObjectName(u"settings.audit.check"_s);
    m_trouble->setObjectName(u"settings.audit.broken"_s);
    m_trouble->hide();
    m_words->setState(Icon::Clock, Role::Muted, tr("Not checked yet"));
    m_line->setSpacing(12);
    m_line->addWidget(m_chain);
    m_line->addWidget(m_words);
    m_line->addWidget(m_when, 1);
    m_line->addWidget(m_now);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(m_line);
    column->addWidget(m_trouble);
    connect(m_now, &QPushButton::clicked, this, &ChainBar::check);
}

void ChainBar::addButton(QWidget *button) { m_line->addWidget(button); }

void ChainBar::check()
{
    m_now->setEnabled(false);
    m_words->setState(Icon::Clock, Role::Muted, tr("Every entry is being checked…"));
    m_when->setText({});
    m_gateway.checkAudit(this, [this](const gateway::Result<gateway::AuditCheck> &found) {
        m_now->setEnabled(true);
        m_checked = true;
        if (found) {
            take(*found);
            return;
        }
        m_chain->setState(ChainView::State::Unknown);
        m_words->setState(Icon::Error, Role::Err, tr("Cannot be checked"), true);
        m_when->setText(bridge::qt(found.error().message));
    });
}

void ChainBar::take(const gateway::AuditCheck &found)
{
    m_when->setText(tr("checked %1").arg(widgets::timeOfDay(m_view.now())));
    m_trouble->setVisible(!found.intact);
    Q_EMIT brokenAt(found.brokenAt);
    if (found.intact) {
        m_chain->setState(ChainView::State::Whole);
        m_words->setState(Icon::Ok, Role::Ok, found.rows == 1 ? tr("1 entry, unbroken") : tr("%1 entries, unbroken").arg(widgets::count(found.rows)));
        return;
    }
    const auto length = static_cast<double>(std::max(found.rows, found.brokenAt));
    m_chain->setState(ChainView::State::Broken, static_cast<double>(found.brokenAt - 1) / std::max(length, 1.0));
    m_words->setState(Icon::Error, Role::Err, tr("Breaks at entry %1 of %2").arg(widgets::count(found.brokenAt), widgets::count(found.rows)), true);
    m_trouble->setContent(tr("The log is not as Signalbox wrote it"),
                          bridge::qt(found.words) + u'\n'
                              + tr("Entries before %1 can be trusted, later ones cannot. Keep a copy of the data folder as it is, find out who could write into it, and give providers, keys and tokens new secrets.").arg(widgets::count(found.brokenAt)));
}

} // namespace ui::settings
