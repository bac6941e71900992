// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/collector_line.h"

#include "gateway/api/telemetry_tools.h"
#include "ui/bridge/text.h"
#include "ui/panes/settings/collector_form.h"
#include "ui/panes/settings/telemetry_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::settings {

using widgets::Button;
using widgets::Label;

CollectorLine::CollectorLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : TelemetryLine(tr("OpenTelemetry collector"), tr("Gets spans of calls, and figures. What it does not take waits in the log."), u"telemetry otlp opentelemetry collector traces spans metrics export headers content telemetry.otlp"_s, gateway, view, parent),
      m_change(new Button(widgets::Icon::Edit, QString())), m_below(new QWidget), m_address(new Label(Label::Kind::Mono)), m_extras(new Label(Label::Kind::Note)), m_state(new widgets::StateLabel)
{
    setObjectName(u"settings.collector"_s);
    m_change->setObjectName(u"settings.collector.change"_s);
    connect(m_change, &QPushButton::clicked, this, &CollectorLine::change);
    setField(m_change);
    m_address->setObjectName(u"settings.collector.address"_s);
    m_extras->setObjectName(u"settings.collector.extras"_s);
    m_state->setObjectName(u"settings.collector.state"_s);
    m_state->setWordWrap(true);
    auto *column = new QVBoxLayout(m_below);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(2);
    column->addWidget(m_address);
    column->addWidget(m_extras);
    column->addWidget(m_state);
    setBelow(m_below);
    start();
}

void CollectorLine::refresh()
{
    const auto config = gateway().config();
    const bool any = !config->telemetry.otlp.empty();
    m_change->setText(any ? tr("Change…") : tr("Set up…"));
    m_change->setEnabled(!isLocked());
    m_change->setToolTip(lockWords());
    m_below->setVisible(any);
    m_address->setText(bridge::qt(config->telemetry.otlp));
    m_extras->setText(collectorExtras(config->telemetry));
    showState();
}

void CollectorLine::showState()
{
    const auto *tools = gateway::api::TelemetryTools::of(gateway());
    const TelemetryState state = stateOf(tools ? std::optional(tools->collector()) : std::nullopt);
    m_state->setVisible(!state.words.isEmpty());
    m_state->setState(state.icon, state.role, state.words);
}

void CollectorLine::change()
{
    auto *form = new CollectorForm(gateway(), view(), window());
    form->open();
}

} // namespace ui::settings
