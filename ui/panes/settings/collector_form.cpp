// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/collector_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/settings/secret_headers.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::settings {

CollectorForm::CollectorForm(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : TelemetryForm(gateway, view, widgets::Icon::Upload, tr("OpenTelemetry collector"), u"settings.collectorForm"_s, parent), m_address(new QLineEdit), m_headers(new SecretHeaders(u"settings.collectorForm.headers"_s)),
      m_content(new QCheckBox(tr("What was asked and answered goes along")))
{
    setSubtitle(tr("It gets the spans of each call that ends from now on, and figures each minute, by OTLP over HTTP: below /v1/traces, /v1/metrics and /v1/logs of its address. Leave the address empty to send nothing."));
    m_address->setPlaceholderText(u"http://127.0.0.1:4318"_s);
    m_address->setFont(widgets::monoFont(12));
    addLine(tr("Address"), m_address, u"otlp"_s);
    addLine(tr("Headers"), m_headers, u"otlp_headers"_s);
    addLine(tr("Content"), m_content, u"content"_s);
    addButtons(tr("Save"));
    m_address->setText(bridge::qt(before().otlp));
    m_headers->setPairs(before().otlpHeaders);
    m_content->setChecked(before().content);
    connect(m_address, &QLineEdit::textEdited, this, &CollectorForm::edited);
    connect(m_headers, &SecretHeaders::edited, this, &CollectorForm::edited);
    connect(m_content, &QCheckBox::toggled, this, &CollectorForm::edited);
    m_address->setFocus();
}

void CollectorForm::write(Telemetry &telemetry) const
{
    telemetry.otlp = bridge::utf8(m_address->text().trimmed());
    telemetry.otlpHeaders = m_headers->pairs();
    telemetry.content = m_content->isChecked();
}

QString CollectorForm::prefix() const { return u"telemetry"_s; }

QString CollectorForm::doneWords() const
{
    return m_address->text().trimmed().isEmpty() ? tr("No collector gets calls") : before().otlp.empty() ? tr("Collector set up") : tr("Collector changed");
}

void CollectorForm::showProblems(const QHash<QString, QString> &problems) { m_headers->showProblems(problems, u"otlp_headers"_s); }

} // namespace ui::settings
