// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/advanced_card.h"

#include "ui/panes/form_row.h"
#include "ui/panes/providers/header_rows.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QSpinBox>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace panes;
using namespace widgets;

namespace {

QSpinBox *number(const char *name, int least, int most, const QString &tip)
{
    auto *box = new QSpinBox;
    box->setObjectName(QString::fromLatin1(name));
    box->setRange(least, most);
    box->setToolTip(tip);
    return box;
}

DurationField *duration(const char *name, const QString &tip)
{
    auto *field = new DurationField;
    field->setObjectName(QString::fromLatin1(name));
    field->setAccessibleDescription(tip);
    field->setToolTip(tip);
    return field;
}

/// "breaker changed, 2 headers"; empty: all is standard.
QString whatDiffers(const Provider &provider)
{
    const Provider standard;
    QStringList parts;
    if (provider.timeouts.connect || provider.timeouts.idle)
        parts << AdvancedCard::tr("own timeouts");
    if (provider.maxConnections != standard.maxConnections)
        parts << AdvancedCard::tr("%1 connections").arg(provider.maxConnections);
    if (provider.breaker != standard.breaker)
        parts << AdvancedCard::tr("own circuit breaker");
    if (provider.healthProbe != HealthProbe::Off)
        parts << AdvancedCard::tr("health probe");
    if (const auto headers = static_cast<int>(provider.headers.size()); headers > 0)
        parts << (headers == 1 ? AdvancedCard::tr("1 header") : AdvancedCard::tr("%1 headers").arg(headers));
    return parts.isEmpty() ? AdvancedCard::tr("limits, circuit breaker, probe, headers: all standard") : parts.join(u", "_s);
}

Label *heading(const QString &title, const QString &note)
{
    auto *label = new Label(Label::Kind::Secondary, note.isEmpty() ? title : u"%1 %2"_s.arg(title, note));
    label->setWordWrap(true);
    return label;
}

} // namespace

AdvancedCard::AdvancedCard(Edit edit, QWidget *parent) : Card(tr("Advanced"), {}, parent), m_edit(std::move(edit)), m_toggle(new Button(tr("Show"))), m_content(new QWidget), m_headers(new HeaderRows)
{
    setObjectName(u"providers.advanced"_s);
    m_toggle->setSmall(true);
    m_toggle->setObjectName(u"providers.advanced.toggle"_s);
    addToHeader(m_toggle);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(12, 4, 12, 12);
    column->setSpacing(12);
    column->addWidget(makeLimits());
    column->addWidget(heading(tr("The circuit opens after so many failures in a row, or at this share of failures."), tr("While it is open, calls go on to the next row of their route.")));
    column->addWidget(makeBreaker());
    column->addWidget(heading(tr("Asks the provider whether it works while no call does."), tr("One that is back is used again at once; three failures in a row open its circuit.")));
    column->addWidget(makeProbe());
    column->addWidget(heading(tr("Headers that go out with every call."), {}));
    column->addWidget(m_headers);
    column->addWidget(heading(tr("Which status codes are tried again or passed on is set in each route, under its “Retry” and “Go to the next row”."), {}));
    body()->addWidget(m_content);
    connectFields();
    connect(m_toggle, &QPushButton::clicked, this, [this] { setOpen(!m_open); });
    setOpen(false);
}

QWidget *AdvancedCard::makeLimits()
{
    auto *box = new QWidget;
    auto *grid = new QGridLayout(box);
    setUpPairs(grid);
    m_connect = duration("providers.connect", tr("For name look-up, connection and TLS"));
    m_idle = duration("providers.idle", tr("Between two pieces of an answer"));
    m_connections = number("providers.maxConnections", 1, 100'000, tr("At once, over all calls"));
    addField(grid, 0, 0, tr("Connect"), m_connect);
    addField(grid, 0, 1, tr("Idle"), m_idle);
    addField(grid, 1, 0, tr("Connections"), m_connections);
    return box;
}

QWidget *AdvancedCard::makeBreaker()
{
    auto *box = new QWidget;
    auto *grid = new QGridLayout(box);
    setUpPairs(grid);
    m_failures = number("providers.breaker.failures", 1, 1'000'000, tr("Failures in a row that open the circuit"));
    m_rate = number("providers.breaker.rate", 1, 100, tr("Share of failed calls in the window that opens it"));
    m_rate->setSuffix(tr(" %"));
    m_minCalls = number("providers.breaker.minCalls", 1, 1'000'000, tr("The share counts from so many calls in the window on"));
    m_window = duration("providers.breaker.window", tr("The time over which the share is taken"));
    m_cooldown = duration("providers.breaker.cooldown", tr("How long the circuit stays open before one call is tried"));
    addField(grid, 0, 0, tr("In a row"), m_failures);
    addField(grid, 0, 1, tr("Share"), m_rate);
    addField(grid, 1, 0, tr("Of at least"), m_minCalls);
    addField(grid, 1, 1, tr("Within"), m_window);
    addField(grid, 2, 0, tr("Open for"), m_cooldown);
    return box;
}

QWidget *AdvancedCard::makeProbe()
{
    auto *box = new QWidget;
    auto *grid = new QGridLayout(box);
    setUpPairs(grid);
    m_probe = new QComboBox;
    m_probe->setObjectName(u"providers.probe"_s);
    m_probe->addItem(tr("never"), int(HealthProbe::Off));
    m_probe->addItem(tr("for its models"), int(HealthProbe::Models));
    m_probe->addItem(tr("for one token"), int(HealthProbe::TinyCall));
    m_probe->setToolTip(tr("A list of models costs nothing, but says nothing of the models; one token costs a little."));
    m_every = duration("providers.probe.every", tr("Time from one probe to the next"));
    addField(grid, 0, 0, tr("Asks"), m_probe);
    addField(grid, 0, 1, tr("Every"), m_every);
    return box;
}

template <typename Value>
void AdvancedCard::editBreaker(Value BreakerSettings::*member, const Value &value, const QString &merge)
{
    m_edit(tr("circuit breaker"), [member, value](Provider &one) { one.breaker.*member = value; }, merge);
}

void AdvancedCard::connectFields()
{
    const auto timeout = [this](DurationField *field, std::optional<Millis> Timeouts::*member, const QString &merge) {
        connect(field, &DurationField::valueChanged, this, [this, field, member, merge] {
            m_edit(tr("timeouts"), [member, value = field->value()](Provider &one) { one.timeouts.*member = value; }, merge);
        });
    };
    timeout(m_connect, &Timeouts::connect, u"connect"_s);
    timeout(m_idle, &Timeouts::idle, u"idle"_s);
    connect(m_connections, &QSpinBox::valueChanged, this, [this](int value) { m_edit(tr("connections"), [value](Provider &one) { one.maxConnections = value; }, u"connections"_s); });
    connect(m_failures, &QSpinBox::valueChanged, this, [this](int value) { editBreaker(&BreakerSettings::failures, value, u"failures"_s); });
    connect(m_rate, &QSpinBox::valueChanged, this, [this](int value) { editBreaker(&BreakerSettings::failureRate, value / 100.0, u"rate"_s); });
    connect(m_minCalls, &QSpinBox::valueChanged, this, [this](int value) { editBreaker(&BreakerSettings::minCalls, value, u"minCalls"_s); });
    // An emptied line stands for the standard.
    connect(m_window, &DurationField::valueChanged, this, [this] { editBreaker(&BreakerSettings::window, m_window->value().value_or(BreakerSettings {}.window), u"window"_s); });
    connect(m_cooldown, &DurationField::valueChanged, this, [this] { editBreaker(&BreakerSettings::cooldown, m_cooldown->value().value_or(BreakerSettings {}.cooldown), u"cooldown"_s); });
    connect(m_probe, &QComboBox::activated, this, [this] {
        m_edit(tr("health probe"), [value = HealthProbe(m_probe->currentData().toInt())](Provider &one) { one.healthProbe = value; }, {});
    });
    connect(m_every, &DurationField::valueChanged, this, [this] {
        m_edit(tr("health probe"), [value = m_every->value().value_or(Provider {}.probeEvery)](Provider &one) { one.probeEvery = value; }, u"every"_s);
    });
    connect(m_headers, &HeaderRows::edited, this, [this] {
        m_edit(tr("headers"), [headers = m_headers->pairs()](Provider &one) { one.headers = headers; }, u"headers"_s);
    });
}

void AdvancedCard::setOpen(bool open)
{
    m_open = open;
    m_content->setVisible(open);
    m_toggle->setText(open ? tr("Hide") : tr("Show"));
    m_toggle->setAccessibleName(open ? tr("Hide advanced settings") : tr("Show advanced settings"));
    m_toggle->setTrailing(open ? Icon::Up : Icon::Down);
}

void AdvancedCard::show(const Provider &provider, const Timeouts &inherited, bool editable)
{
    setUnit(whatDiffers(provider));
    showDuration(m_connect, provider.timeouts.connect, inherited.connect);
    showDuration(m_idle, provider.timeouts.idle, inherited.idle);
    const BreakerSettings &breaker = provider.breaker;
    const BreakerSettings standard;
    const auto own = [](Millis value, Millis usual) { return value == usual ? std::nullopt : std::optional(value); };
    showDuration(m_window, own(breaker.window, standard.window), standard.window);
    showDuration(m_cooldown, own(breaker.cooldown, standard.cooldown), standard.cooldown);
    showDuration(m_every, own(provider.probeEvery, Provider {}.probeEvery), Provider {}.probeEvery);
    m_probe->setCurrentIndex(m_probe->findData(int(provider.healthProbe)));
    m_probe->setEnabled(editable);
    const auto put = [](QSpinBox *box, int value) {
        const QSignalBlocker quiet(box);
        box->setValue(value);
    };
    put(m_connections, provider.maxConnections);
    put(m_failures, breaker.failures);
    put(m_rate, static_cast<int>(std::lround(breaker.failureRate * 100)));
    put(m_minCalls, breaker.minCalls);
    m_headers->setPairs(provider.headers);
    m_headers->setEditable(editable);
    for (DurationField *field : {m_connect, m_idle, m_window, m_cooldown, m_every})
        field->setReadOnly(!editable);
    for (QSpinBox *box : {m_connections, m_failures, m_rate, m_minCalls})
        box->setEnabled(editable);
}

void AdvancedCard::forgetTyped()
{
    m_headers->clear();
    for (DurationField *field : {m_connect, m_idle, m_window, m_cooldown, m_every})
        setInvalid(field, {});
}

void AdvancedCard::showProblems(const FieldProblems &problems)
{
    const QList<std::pair<QWidget *, QString>> fields {{m_connect, u"timeouts.connect"_s}, {m_idle, u"timeouts.idle"_s}, {m_connections, u"max_connections"_s},
        {m_failures, u"breaker.failures"_s}, {m_rate, u"breaker.failure_rate"_s}, {m_minCalls, u"breaker.min_calls"_s}, {m_window, u"breaker.window"_s}, {m_cooldown, u"breaker.cooldown"_s}, {m_probe, u"health_probe"_s}, {m_every, u"every"_s}};
    bool any = false;
    for (const auto &[field, name] : fields) {
        markField(field, problems.value(name));
        any = any || problems.contains(name);
    }
    m_headers->showProblems(problems, u"headers"_s);
    for (auto it = problems.cbegin(); it != problems.cend(); ++it)
        any = any || it.key().startsWith(u"headers."_s);
    if (any)
        setOpen(true); // what is wrong must be in sight
}

} // namespace ui::providers
