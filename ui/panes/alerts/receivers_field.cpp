// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/receivers_field.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/secret_line.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr std::array kinds {NotifyKind::Desktop, NotifyKind::Slack, NotifyKind::Teams, NotifyKind::Discord, NotifyKind::Webhook, NotifyKind::Email};
constexpr int kindWidth = 92;

QString exampleOf(NotifyKind kind)
{
    switch (kind) {
    case NotifyKind::Desktop: return ReceiversField::tr("this window, and the tray");
    case NotifyKind::Email: return u"ops@example.org"_s;
    case NotifyKind::Slack: return u"https://hooks.slack.com/…"_s;
    case NotifyKind::Discord: return u"https://discord.com/api/webhooks/…"_s;
    case NotifyKind::Teams: return u"https://….webhook.office.com/…"_s;
    case NotifyKind::Webhook: break;
    }
    return u"https://example.org/hook"_s;
}

} // namespace

ReceiversField::ReceiversField(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this)), m_none(new Label(Label::Kind::Note, tr("It tells nobody; what it finds is shown here."))), m_add(new Button(Icon::Plus, tr("Add")))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(4);
    m_none->setWordWrap(true);
    m_add->setObjectName(u"alerts.form.addReceiver"_s);
    m_add->setAccessibleName(tr("Add somebody who is told"));
    m_add->setTrailing(Icon::Down);
    m_add->setSmall(true);
    auto *menu = new QMenu(m_add);
    menu->setObjectName(u"alerts.form.receiverMenu"_s);
    for (const NotifyKind kind : kinds)
        menu->addAction(notifyTitle(kind), this, [this, kind] { add(kind); });
    connect(m_add, &QPushButton::clicked, this, [this, menu] { menu->popup(m_add->mapToGlobal(QPoint(0, m_add->height()))); });
    m_column->addWidget(m_none);
    m_column->addWidget(m_add, 0, Qt::AlignLeft);
}

void ReceiversField::add(NotifyKind kind)
{
    m_receivers.push_back({.kind = kind});
    Q_EMIT edited({});
    focusFirstEmpty();
}

void ReceiversField::addRow()
{
    const int index = static_cast<int>(m_rows.size());
    Row row {.box = new QWidget, .kind = new QComboBox, .to = new panes::SecretLine, .remove = Button::iconOnly(Icon::Trash, tr("Tell them no more"), nullptr, Button::Kind::Flat)};
    auto *line = new QHBoxLayout(row.box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    row.kind->setFixedWidth(kindWidth);
    row.kind->setObjectName(u"alerts.form.receiver%1.kind"_s.arg(index));
    row.kind->setAccessibleName(tr("How to tell"));
    for (const NotifyKind kind : kinds)
        row.kind->addItem(notifyTitle(kind), int(kind));
    row.to->setObjectName(u"alerts.form.receiver%1.to"_s.arg(index));
    row.to->setMinimumWidth(40);
    row.remove->setObjectName(u"alerts.form.receiver%1.remove"_s.arg(index));
    row.remove->setSmall(true);
    line->addWidget(row.kind);
    line->addWidget(row.to, 1);
    line->addWidget(row.remove);
    const auto at = static_cast<std::size_t>(index);
    connect(row.kind, &QComboBox::activated, this, [this, at, box = row.kind] {
        const auto kind = static_cast<NotifyKind>(box->currentData().toInt());
        if (kind == m_receivers[at].kind)
            return;
        const bool wasHook = m_receivers[at].isWebhook(); // an address goes along from one kind of webhook to another, unless it is a mask: that stands for its own kind's
        m_receivers[at].kind = kind;
        if (!wasHook || !m_receivers[at].isWebhook() || gateway::config::isMaskedWebhook(m_receivers[at].to))
            m_receivers[at].to.clear();
        Q_EMIT edited({});
    });
    connect(row.to, &QLineEdit::textEdited, this, [this, at](const QString &text) {
        m_receivers[at].to = bridge::utf8(text.trimmed());
        Q_EMIT edited(u"receiver %1"_s.arg(at));
    });
    connect(row.remove, &QPushButton::clicked, this, [this, at] {
        m_receivers.erase(m_receivers.begin() + static_cast<std::ptrdiff_t>(at));
        Q_EMIT edited({});
    });
    m_column->insertWidget(index, row.box);
    row.box->show();
    m_rows.append(row);
}

void ReceiversField::dress(int index, bool editable, const QString &problem)
{
    const Row &row = m_rows.at(index);
    const Notify &receiver = m_receivers[static_cast<std::size_t>(index)];
    const bool desktop = receiver.kind == NotifyKind::Desktop, masked = receiver.isWebhook() && gateway::config::isMaskedWebhook(receiver.to);
    row.kind->setCurrentIndex(row.kind->findData(int(receiver.kind)));
    row.kind->setEnabled(editable);
    const auto echo = receiver.isWebhook() ? QLineEdit::PasswordEchoOnEdit : QLineEdit::Normal;
    if (row.to->echoMode() != echo)
        row.to->setEchoMode(echo);
    row.to->setNothing(exampleOf(receiver.kind));
    row.to->setSecret(qt(receiver.to), masked, qt(receiver.to));
    row.to->setEnabled(!desktop);
    row.to->setReadOnly(!editable);
    row.to->setAccessibleName(receiver.isWebhook() ? tr("Address of %1, hidden").arg(notifyTitle(receiver.kind)) : tr("Address of %1").arg(notifyTitle(receiver.kind)));
    panes::markField(row.to, problem);
    if (problem.isEmpty())
        row.to->setToolTip(desktop ? tr("A notification of the desktop where it has a tray, and a line in this window") : masked ? tr("%1 is stored. Type to replace it").arg(qt(receiver.to)) : receiver.isWebhook() && !receiver.to.empty() ? qt(gateway::config::shownWebhook(receiver.to)) : QString());
    row.remove->setVisible(editable);
}

void ReceiversField::show(const std::vector<Notify> &receivers, bool editable, const QHash<QString, QString> &problems)
{
    m_receivers = receivers;
    while (m_rows.size() < static_cast<qsizetype>(receivers.size()))
        addRow();
    while (m_rows.size() > static_cast<qsizetype>(receivers.size())) {
        QWidget *box = m_rows.takeLast().box;
        box->setParent(nullptr); // its names are free again
        box->deleteLater(); // one of its own signals may have led here
    }
    for (int i = 0; i < m_rows.size(); ++i)
        dress(i, editable, problems.value(u"notify[%1]"_s.arg(i)));
    m_none->setVisible(m_rows.isEmpty());
    m_add->setVisible(editable);
    m_add->setEnabled(receivers.size() < gateway::config::mostNotifies);
}

void ReceiversField::focusFirstEmpty()
{
    for (int i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).to->isEnabled() && m_receivers[static_cast<std::size_t>(i)].to.empty()) {
            m_rows.at(i).to->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
}

} // namespace ui::alerts
