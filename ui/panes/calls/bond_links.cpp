// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/bond_links.h"

#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"

#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using gateway::Bond;

QString linkText(Bond bond, std::optional<std::uint64_t> calls)
{
    if (!calls)
        return bond == Bond::Session ? BondLinks::tr("Session") : BondLinks::tr("Trace");
    const QString number = *calls == 1 ? BondLinks::tr("1 call") : BondLinks::tr("%1 calls").arg(widgets::count(*calls));
    return bond == Bond::Session ? BondLinks::tr("Session (%1)").arg(number) : BondLinks::tr("Trace (%1)").arg(number);
}

} // namespace

BondLinks::BondLinks(gateway::api::Gateway *gateway, QWidget *parent) : QWidget(parent), m_tools(gateway::api::CallTools::of(*gateway))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 12, 0);
    row->setSpacing(6);
    for (const Bond bond : {Bond::Session, Bond::Trace}) {
        auto *link = new widgets::Button(widgets::Button::Kind::Link, widgets::Icon::None, {});
        link->setObjectName(bond == Bond::Session ? u"calls.sessionLink"_s : u"calls.traceLink"_s);
        link->setSmall(true);
        link->hide();
        m_links[std::size_t(bond)] = link;
        row->addWidget(link);
        connect(link, &QPushButton::clicked, this, [this, bond] { Q_EMIT wanted(bond, m_ids[std::size_t(bond)]); });
    }
}

void BondLinks::setCall(const gateway::CallRecord &record)
{
    show(Bond::Session, record.session);
    show(Bond::Trace, record.trace);
    setVisible(m_tools && (!record.session.empty() || !record.trace.empty()));
}

void BondLinks::show(Bond bond, const std::string &id)
{
    widgets::Button *link = m_links[std::size_t(bond)];
    QString &shown = m_ids[std::size_t(bond)];
    if (shown == bridge::qt(id))
        return; // the next call of the same session
    shown = bridge::qt(id);
    link->setVisible(m_tools && !shown.isEmpty());
    link->setText(linkText(bond, std::nullopt));
    if (!m_tools || shown.isEmpty())
        return;
    m_tools->tree({.bond = bond, .id = id, .most = 1}, link, [this, bond, link, asked = shown](const gateway::Result<gateway::CallTree> &tree) {
        if (tree && asked == m_ids[std::size_t(bond)])
            link->setText(linkText(bond, tree->figures.calls));
    });
}

} // namespace ui::calls
