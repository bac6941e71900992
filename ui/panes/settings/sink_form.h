// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/telemetry_form.h"

#include <string>

class QCheckBox;
class QLineEdit;

namespace ui::panes {
class SecretLine;
}

namespace ui::widgets {
class DurationField;
class SegmentedControl;
}

namespace ui::settings {

/// A log sink, new or there already: a folder of this machine, or a bucket of S3-compatible storage.
class SinkForm final : public TelemetryForm
{
    Q_OBJECT
public:
    /// @param edited  nullptr: a new one
    SinkForm(gateway::api::Gateway &gateway, bridge::ViewContext &view, const gateway::config::LogSink *edited, QWidget *parent);

protected:
    void write(Telemetry &telemetry) const override;
    [[nodiscard]] QString prefix() const override;
    [[nodiscard]] QString doneWords() const override;
    [[nodiscard]] QWidget *unreadable() const override;
    [[nodiscard]] QString lineOfWhole() const override;
    void showProblems(const QHash<QString, QString> &problems) override;

private:
    void layOut();
    void fill();
    void connectFields();
    void showKind();
    void chooseFolder();
    [[nodiscard]] gateway::config::LogSink sink() const; ///< as it is written here
    [[nodiscard]] std::size_t placeIn(const Telemetry &telemetry) const; ///< its own, or behind the last

    const gateway::config::LogSink m_was; ///< its name is empty: a new one
    QLineEdit *m_name, *m_folder, *m_bucket, *m_prefix, *m_endpoint, *m_region;
    widgets::SegmentedControl *m_kind;
    panes::SecretLine *m_keyId, *m_secretKey, *m_token;
    QCheckBox *m_bodies, *m_enabled;
    widgets::DurationField *m_every;
};

} // namespace ui::settings
