// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/widgets/dialog.h"

#include <QHash>
#include <QList>

class QGridLayout;

namespace ui::bridge {
class ViewContext;
}

namespace ui::widgets {
class Label;
class SectionBanner;
}

namespace ui::settings {

/// A form over what `telemetry` says: a draft that Save hands to the gateway. What the gateway does not take stays here, with the
/// reasons under the fields, and is looked at again as it changes; what it takes can be undone from a toast.
class TelemetryForm : public widgets::Dialog
{
    Q_OBJECT
public:
    using Telemetry = gateway::config::TelemetrySettings;

protected:
    /// @param name  of this object, and before its fields' names: "settings.collectorForm"
    TelemetryForm(gateway::api::Gateway &gateway, bridge::ViewContext &view, widgets::Icon icon, const QString &title, const QString &name, QWidget *parent);

    struct Line
    {
        QWidget *label, *field;
        QString name; ///< below prefix(): "s3.bucket"
    };
    void addLine(const QString &label, QWidget *field, const QString &name);
    void setLineShown(const QString &name, bool shown);
    void addButtons(const QString &submit);
    void edited(); ///< to be called where a field changed

    [[nodiscard]] const Telemetry &before() const { return m_draft.live().telemetry; }
    /// Puts what stands in the fields into the settings, which are as the gateway has them.
    virtual void write(Telemetry &telemetry) const = 0;
    [[nodiscard]] virtual QString prefix() const = 0;     ///< of problems: "telemetry.sinks[1]"
    [[nodiscard]] virtual QString doneWords() const = 0;  ///< "Log sink \"archive\" changed"
    [[nodiscard]] virtual QWidget *unreadable() const { return nullptr; } ///< a field whose text cannot be read
    [[nodiscard]] virtual QString lineOfWhole() const { return {}; }      ///< where what is wrong with the whole is told; empty: above all
    virtual void showProblems(const QHash<QString, QString> &) {} ///< where a line has parts of its own

private:
    void submit();
    void toDraft();
    void tellProblems();
    void focusProblem();

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    bridge::ConfigDraft m_draft;
    QString m_name;
    widgets::SectionBanner *m_banner;
    QGridLayout *m_grid;
    QList<Line> m_lines;
    widgets::Button *m_submit = nullptr;
    bool m_refused = false; ///< before that nobody is told what is missing: it is still being typed
};

} // namespace ui::settings
