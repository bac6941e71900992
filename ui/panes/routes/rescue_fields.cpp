// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/rescue_fields.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/widgets/format.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QSignalBlocker>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

constexpr int mostWaiting = 100'000; // as the checks have it

DurationField *duration(const char *name, const QString &empty, const QString &tip)
{
    auto *field = new DurationField;
    field->setObjectName(QString::fromLatin1(name));
    field->setPlaceholderText(empty);
    field->setToolTip(tip);
    return field;
}

} // namespace

RescueFields::RescueFields(Change change, QWidget *parent) : QWidget(parent), m_change(std::move(change))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    FieldGrid grid(column);
    setUpRescue(grid);
    setUpQueue(grid);
    setUpShadow(grid);
}

void RescueFields::setUpRescue(FieldGrid &grid)
{
    m_rescue = new QComboBox;
    m_rescue->setObjectName(u"routes.inspector.rescue"_s);
    m_rescue->addItem(tr("ends with an error"), int(Rescue::Error));
    m_rescue->addItem(tr("is gone on with"), int(Rescue::Continue));
    m_rescue->setToolTip(tr("A stream that fails after its first words is never passed off as whole: the caller is told, or the next row that can is asked to go on with the text. "
                            "Tool calls and JSON are not gone on with."));
    grid.add(tr("Cut stream"), m_rescue);
    m_hedge = duration("routes.inspector.hedge", tr("off"), tr("After so long without a word, the next row is asked too. The first words win; both are paid for."));
    grid.add(tr("Hedge after"), m_hedge);
    connect(m_rescue, &QComboBox::activated, this, [this] {
        m_change(tr("cut streams of a route"), [value = Rescue(m_rescue->currentData().toInt())](Route &route) { route.rescue = value; }, {});
    });
    connect(m_hedge, &DurationField::valueChanged, this, [this] {
        m_change(tr("hedging of a route"), [after = m_hedge->value()](Route &route) { route.hedge = after ? std::optional(Hedge {.after = *after}) : std::nullopt; }, u"hedge"_s);
    });
}

void RescueFields::setUpQueue(FieldGrid &grid)
{
    m_queue = new QSpinBox;
    m_queue->setObjectName(u"routes.inspector.queue"_s);
    m_queue->setRange(0, mostWaiting);
    m_queue->setSpecialValueText(tr("no call waits"));
    m_queue->setToolTip(tr("Calls that may wait while every target is at its limits. Keys take turns."));
    grid.add(tr("Queue"), m_queue);
    m_queueTimeout = duration("routes.inspector.queueTimeout", setting(Queue {}.timeout), tr("Calls that have waited so long are refused, with the time after which to come back."));
    grid.add(tr("Wait up to"), m_queueTimeout);
    connect(m_queue, &QSpinBox::valueChanged, this, [this](int most) { m_change(tr("queue of a route"), [most](Route &route) { route.queue.max = most; }, u"queue"_s); });
    connect(m_queueTimeout, &DurationField::valueChanged, this, [this] {
        m_change(tr("queue of a route"), [value = m_queueTimeout->value().value_or(Queue {}.timeout)](Route &route) { route.queue.timeout = value; }, u"queue timeout"_s);
    });
}

void RescueFields::setUpShadow(FieldGrid &grid)
{
    m_shadowProvider = new QComboBox;
    m_shadowProvider->setObjectName(u"routes.inspector.shadow"_s);
    m_shadowProvider->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_shadowProvider->setToolTip(tr("Gets a copy of answered calls. What it says is only logged, and paid for."));
    grid.add(tr("Shadow"), m_shadowProvider);
    m_shadowModel = new QLineEdit;
    m_shadowModel->setObjectName(u"routes.inspector.shadowModel"_s);
    grid.add(tr("Its model"), m_shadowModel);
    m_sample = new QDoubleSpinBox;
    m_sample->setObjectName(u"routes.inspector.shadowSample"_s);
    m_sample->setRange(0.01, 100);
    m_sample->setDecimals(2);
    m_sample->setSuffix(tr(" %"));
    m_sample->setToolTip(tr("Share of the calls that it gets"));
    grid.add(tr("Its share"), m_sample);
    connect(m_shadowProvider, &QComboBox::activated, this, [this] {
        m_change(tr("shadow of a route"), [provider = bridge::utf8(m_shadowProvider->currentData().toString())](Route &route) {
            if (provider.empty())
                route.shadow.reset();
            else if (route.shadow)
                route.shadow->provider = provider;
            else
                route.shadow = Shadow {.provider = provider, .model = {}};
        }, {});
    });
    const auto edit = [this](const std::function<void(Shadow &)> &change, const QString &merge) {
        m_change(tr("shadow of a route"), [change](Route &route) {
            if (route.shadow)
                change(*route.shadow);
        }, merge);
    };
    connect(m_shadowModel, &QLineEdit::textEdited, this, [edit](const QString &text) { edit([model = bridge::utf8(text.trimmed())](Shadow &shadow) { shadow.model = model; }, u"shadow model"_s); });
    connect(m_sample, &QDoubleSpinBox::valueChanged, this, [edit](double percent) { edit([percent](Shadow &shadow) { shadow.sample = percent / 100; }, u"shadow share"_s); });
}

void RescueFields::show(const Config &config, const Route &route, bool editable)
{
    m_rescue->setCurrentIndex(m_rescue->findData(int(route.rescue)));
    m_hedge->setValue(route.hedge ? std::optional(route.hedge->after) : std::nullopt);
    {
        const QSignalBlocker quiet(m_queue);
        m_queue->setValue(route.queue.max);
    }
    m_queueTimeout->setValue(route.queue.timeout == Queue {}.timeout ? std::nullopt : std::optional(route.queue.timeout));
    setEditable({m_rescue, m_hedge, m_queue}, editable);
    setEditable({m_queueTimeout}, editable && route.queue.max > 0);
    showShadow(config, route, editable);
}

void RescueFields::showShadow(const Config &config, const Route &route, bool editable)
{
    const QString current = route.shadow ? bridge::qt(route.shadow->provider) : QString();
    const QSignalBlocker quietProvider(m_shadowProvider), quietSample(m_sample);
    m_shadowProvider->clear();
    m_shadowProvider->addItem(tr("none"), QString());
    for (const Provider &provider : config.providers)
        m_shadowProvider->addItem(bridge::qt(provider.name), bridge::qt(provider.name));
    if (m_shadowProvider->findData(current) < 0)
        m_shadowProvider->addItem(tr("%1 (not there)").arg(current), current); // what the draft says is shown, also where it is wrong
    m_shadowProvider->setCurrentIndex(m_shadowProvider->findData(current));
    setTextQuietly(m_shadowModel, route.shadow ? bridge::qt(route.shadow->model) : QString());
    m_sample->setValue(route.shadow ? route.shadow->sample * 100 : 100);
    setEditable({m_shadowProvider}, editable);
    setEditable({m_shadowModel, m_sample}, editable && route.shadow);
}

} // namespace ui::routes
