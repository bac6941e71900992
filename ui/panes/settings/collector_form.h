// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/telemetry_form.h"

class QCheckBox;
class QLineEdit;

namespace ui::settings {

class SecretHeaders;

/// The OpenTelemetry collector: where it is, what it is shown to let calls in, and how much it gets.
class CollectorForm final : public TelemetryForm
{
    Q_OBJECT
public:
    CollectorForm(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent);

protected:
    void write(Telemetry &telemetry) const override;
    [[nodiscard]] QString prefix() const override;
    [[nodiscard]] QString doneWords() const override;
    void showProblems(const QHash<QString, QString> &problems) override;

private:
    QLineEdit *m_address;
    SecretHeaders *m_headers;
    QCheckBox *m_content;
};

} // namespace ui::settings
