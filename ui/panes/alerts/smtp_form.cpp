// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/smtp_form.h"

#include "gateway/api/gateway.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/secret_line.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QComboBox>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::SmtpTls;
using widgets::Label;

constexpr int labelWidth = 76;

} // namespace

SmtpForm::SmtpForm(QWidget *parent)
    : QWidget(parent), m_lines(this, u"alerts.smtp"_s, labelWidth), m_host(new QLineEdit), m_user(new QLineEdit), m_from(new QLineEdit), m_port(new widgets::CountField), m_tls(new QComboBox), m_password(new panes::SecretLine),
      m_clear(new widgets::Button(widgets::Icon::Trash, tr("Use no mail server"))), m_problem(new Label(Label::Kind::Secondary))
{
    auto *note = new Label(Label::Kind::Note, tr("E-mails of all alerts go out by this server. Without one none do."));
    note->setWordWrap(true);
    m_lines.addAcross(note);
    m_lines.add(tr("Server"), m_host, u"host"_s);
    m_host->setPlaceholderText(u"smtp.example.org"_s);
    m_lines.add(tr("Encryption"), m_tls, u"tls"_s);
    m_tls->addItem(tr("STARTTLS"), int(SmtpTls::Starttls));
    m_tls->addItem(tr("TLS from the start"), int(SmtpTls::Tls));
    m_tls->addItem(tr("None"), int(SmtpTls::Off));
    m_lines.add(tr("Port"), m_port, u"port"_s);
    m_lines.add(tr("From"), m_from, u"from"_s);
    m_from->setPlaceholderText(u"alerts@example.org"_s);
    m_lines.add(tr("User"), m_user, u"user"_s);
    m_user->setPlaceholderText(tr("Without a login"));
    m_password->setAccessibleName(tr("Password, hidden"));
    m_password->setNothing(tr("None"));
    m_lines.add(tr("Password"), m_password, u"password"_s);
    m_problem->setObjectName(u"alerts.smtp.problem"_s);
    m_problem->setRole(widgets::Role::Err);
    m_problem->setWordWrap(true);
    m_lines.addAcross(m_problem);
    m_clear->setObjectName(u"alerts.smtp.clear"_s);
    m_clear->setSmall(true);
    m_lines.addBelow(m_clear);
    connectFields();
}

void SmtpForm::connectFields()
{
    const auto text = [this](QLineEdit *field, const QString &what, std::string SmtpSettings::*member) {
        connect(field, &QLineEdit::textEdited, this, [this, what, member, name = field->objectName()](const QString &typed) { Q_EMIT edited(what, [member, value = utf8(typed.trimmed())](SmtpSettings &smtp) { smtp.*member = value; }, name); });
    };
    text(m_host, tr("mail server"), &SmtpSettings::host);
    text(m_from, tr("sender of e-mails"), &SmtpSettings::from);
    text(m_user, tr("user of the mail server"), &SmtpSettings::user);
    connect(m_password, &QLineEdit::textEdited, this, [this](const QString &typed) { Q_EMIT edited(tr("password of the mail server"), [value = utf8(typed)](SmtpSettings &smtp) { smtp.password.value = value; }, u"password"_s); });
    connect(m_tls, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("encryption of e-mails"), [tls = static_cast<SmtpTls>(m_tls->currentData().toInt())](SmtpSettings &smtp) { smtp.tls = tls; }, {}); });
    connect(m_port, &widgets::CountField::valueEdited, this, [this] {
        const auto port = m_port->value();
        Q_EMIT edited(tr("port of the mail server"), [port](SmtpSettings &smtp) { smtp.port = port ? std::optional(static_cast<int>(std::min<std::int64_t>(*port, std::numeric_limits<int>::max()))) : std::nullopt; }, u"port"_s);
    });
    connect(m_port, &QLineEdit::textEdited, this, &SmtpForm::typed);
    connect(m_clear, &QPushButton::clicked, this, [this] { Q_EMIT edited(tr("no mail server"), [](SmtpSettings &smtp) { smtp = {}; }, {}); });
}

void SmtpForm::show(const SmtpSettings &smtp, bool editable, const QHash<QString, QString> &problems)
{
    panes::showText(m_host, qt(smtp.host));
    panes::showText(m_from, qt(smtp.from));
    panes::showText(m_user, qt(smtp.user));
    m_password->setSecret(qt(smtp.password.value), gateway::api::Gateway::isMasked(smtp.password.value));
    m_port->setValue(smtp.port);
    m_port->setPlaceholderText(QString::number(SmtpSettings {.tls = smtp.tls}.portOrUsual()));
    panes::showChoice(m_tls, int(smtp.tls));
    m_tls->setEnabled(editable);
    for (QLineEdit *field : std::initializer_list<QLineEdit *> {m_host, m_from, m_user, m_password, m_port})
        field->setReadOnly(!editable);
    m_clear->setVisible(editable && smtp != SmtpSettings {});
    const QString lines = panes::markFields(problems, {{m_host, u"host"_s}, {m_from, u"from"_s}, {m_user, u"user"_s}, {m_password, u"password"_s}, {m_port, u"port"_s}, {m_tls, u"tls"_s}});
    m_problem->setVisible(!lines.isEmpty());
    m_problem->setText(lines);
}

void SmtpForm::focusFirst() { m_host->setFocus(Qt::OtherFocusReason); }

QString SmtpForm::typedWrong() const { return widgets::isInvalid(m_port) ? tr("Port: %1").arg(m_port->accessibleDescription()) : QString(); }

} // namespace ui::alerts
