// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/limits_card.h"

#include "gateway/core/endpoint.h"
#include "ui/bridge/text.h"
#include "ui/panes/scopes/cap_bar.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using bridge::qt;
using gateway::LimitState;
using gateway::config::Limit;
using widgets::Button;
using widgets::CountField;
using widgets::Icon;
using widgets::Label;
using widgets::Role;
using Count = std::optional<std::int64_t>;
using What = LimitState::What;

constexpr double nearly = 0.8; ///< of a limit: a warning is due

Count Limit::*memberOf(What what)
{
    switch (what) {
    case What::Requests: return &Limit::rpm;
    case What::Tokens: return &Limit::tpm;
    case What::TokensPerDay: return &Limit::tpd;
    case What::Parallel: return &Limit::parallel;
    }
    return &Limit::rpm;
}

class UseBar final : public QWidget
{
public:
    UseBar() { setMinimumWidth(48); }
    void set(std::optional<double> used)
    {
        m_used = used;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        if (!m_used)
            return;
        QPainter painter(this);
        const Role role = *m_used >= 1 ? Role::Err : *m_used >= nearly ? Role::Warn : Role::Accent;
        panes::paintCapBar(&painter, QRectF(0, height() / 2.0 - 3, width(), 6), {.spent = *m_used, .role = role}, widgets::colorsOf(this), layoutDirection());
    }

private:
    std::optional<double> m_used;
};

} // namespace

struct LimitsCard::Line
{
    What what {};
    CountField *limit = nullptr;
    Label *now = nullptr, *use = nullptr;
    UseBar *bar = nullptr;

    void show(const Count &value, const LimitState *state, bool editable) const
    {
        limit->setValue(value);
        limit->setReadOnly(!editable);
        now->setText(state ? widgets::count(static_cast<std::uint64_t>(std::max<std::int64_t>(state->count, 0))) : widgets::unknownText());
        const std::optional<double> used = state ? std::optional(state->used()) : std::nullopt;
        bar->set(used);
        use->setText(used ? widgets::share(std::min(*used, 1.0)) : widgets::unknownText());
        use->setRole(used && *used >= 1 ? Role::Err : used && *used >= nearly ? Role::Warn : Role::Muted);
        limit->setAccessibleDescription(state ? tr("%1 now, %2 of the limit").arg(now->text(), use->text()) : QString());
    }
};

LimitsCard::LimitsCard(QWidget *parent) : Card(tr("Limits"), tr("now, in a sliding window"), parent), m_column(new QWidget), m_add(new Button(Icon::Plus, tr("Add"))), m_none(new Label(Label::Kind::Secondary, tr("Nothing is limited: calls come as fast as they like.")))
{
    m_add->setObjectName(u"budgets.addLimit"_s);
    m_add->setAccessibleName(tr("Add limits"));
    m_add->setSmall(true);
    addToHeader(m_add);
    auto *column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_none->setContentsMargins(12, 4, 12, 12);
    m_none->setWordWrap(true);
    body()->addWidget(m_none);
    body()->addWidget(m_column);
    body()->addStretch(1);
    connect(m_add, &QPushButton::clicked, this, [this] {
        Q_EMIT edited(tr("new limits"), [](std::vector<Limit> &limits) { limits.push_back({.rpm = 60}); }, {});
    });
}

void LimitsCard::makeEntries(std::size_t count)
{
    if (count == m_entries.size())
        return;
    for (const Entry &entry : m_entries) {
        entry.box->hide();
        m_column->layout()->removeWidget(entry.box);
        entry.box->deleteLater(); // one of its buttons may be why
    }
    m_entries.clear();
    for (std::size_t i = 0; i < count; ++i)
        m_entries.push_back(makeEntry(i));
}

LimitsCard::Entry LimitsCard::makeEntry(std::size_t index)
{
    Entry entry;
    entry.box = new QWidget;
    auto *column = new QVBoxLayout(entry.box);
    column->setContentsMargins(12, 0, 8, 8);
    column->setSpacing(4);
    auto *top = new QHBoxLayout;
    entry.endpoint = new QComboBox;
    entry.endpoint->setObjectName(u"budgets.limit%1.endpoint"_s.arg(index));
    entry.endpoint->setAccessibleName(tr("What the limits count"));
    entry.endpoint->addItem(tr("all calls"), QString());
    for (std::size_t i = 0; i < gateway::endpointCount; ++i) {
        const QString word = qt(gateway::toText(static_cast<gateway::Endpoint>(i)));
        entry.endpoint->addItem(tr("%1 alone").arg(word), word);
    }
    entry.remove = Button::iconOnly(Icon::Trash, tr("Remove these limits"), nullptr, Button::Kind::Flat);
    entry.remove->setObjectName(u"budgets.limit%1.remove"_s.arg(index));
    top->addWidget(entry.endpoint);
    top->addStretch(1);
    top->addWidget(entry.remove);
    column->addLayout(top);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(3, 1);
    grid->setColumnMinimumWidth(1, 56);
    grid->setColumnMinimumWidth(4, 44);
    const QStringList heads {tr("Limit"), tr("Now"), tr("At most"), {}, tr("Use")};
    for (int i = 0; i < heads.size(); ++i) {
        auto *head = new Label(Label::Kind::Field, heads[i]);
        grid->addWidget(head, 0, i, i == 1 || i == 4 ? Qt::AlignTrailing : Qt::AlignLeading);
    }
    for (const What what : {What::Requests, What::Tokens, What::TokensPerDay, What::Parallel})
        addLine(entry, grid, index, what);
    column->addLayout(grid);
    m_column->layout()->addWidget(entry.box);
    connect(entry.endpoint, &QComboBox::activated, this, [this, index, box = entry.endpoint] {
        Q_EMIT edited(tr("what limits count"), [index, endpoint = bridge::utf8(box->currentData().toString())](std::vector<Limit> &limits) {
            if (index < limits.size())
                limits[index].endpoint = endpoint;
        }, {});
    });
    connect(entry.remove, &QPushButton::clicked, this, [this, index] {
        Q_EMIT edited(tr("removed limits"), [index](std::vector<Limit> &limits) {
            if (index < limits.size())
                limits.erase(limits.begin() + static_cast<std::ptrdiff_t>(index));
        }, {});
    });
    return entry;
}

void LimitsCard::addLine(Entry &entry, QGridLayout *grid, std::size_t index, What what)
{
    const auto line = std::make_shared<Line>(Line {.what = what, .limit = new CountField, .now = new Label(Label::Kind::Secondary), .use = new Label(Label::Kind::Secondary), .bar = new UseBar});
    const QString name = qt(gateway::toText(what));
    line->limit->setObjectName(u"budgets.limit%1.%2"_s.arg(index).arg(name));
    line->limit->setAccessibleName(panes::limitTitle(what));
    line->limit->setPlaceholderText(tr("no limit"));
    line->limit->setFixedWidth(88);
    line->limit->setMinimumHeight(24);
    const int row = grid->rowCount();
    auto *title = new Label(Label::Kind::Body, panes::limitTitle(what));
    title->setBuddy(line->limit);
    grid->addWidget(title, row, 0);
    grid->addWidget(line->now, row, 1, Qt::AlignTrailing | Qt::AlignVCenter);
    grid->addWidget(line->limit, row, 2);
    grid->addWidget(line->bar, row, 3);
    grid->addWidget(line->use, row, 4, Qt::AlignTrailing | Qt::AlignVCenter);
    connect(line->limit, &CountField::valueEdited, this, [this, index, line = line.get(), name] {
        Q_EMIT edited(tr("a limit"), [index, member = memberOf(line->what), value = line->limit->value()](std::vector<Limit> &limits) {
            if (index < limits.size())
                limits[index].*member = value;
        }, u"limit %1 %2"_s.arg(index).arg(name));
    });
    entry.lines.push_back(line);
}

void LimitsCard::show(const std::vector<Limit> &limits, const gateway::ScopeState *state, bool editable, std::size_t most)
{
    makeEntries(limits.size());
    m_none->setVisible(limits.empty());
    m_add->setEnabled(editable && limits.size() < most);
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const Limit &limit = limits[i];
        const Entry &entry = m_entries[i];
        const QSignalBlocker quiet(entry.endpoint);
        entry.endpoint->setCurrentIndex(entry.endpoint->findData(qt(limit.endpoint)));
        entry.endpoint->setEnabled(editable);
        entry.remove->setEnabled(editable);
        for (const auto &line : entry.lines) {
            const Count &value = limit.*memberOf(line->what);
            const auto counted = [&](const LimitState &one) { return one.what == line->what && one.endpoint == limit.endpoint && value && one.limit == *value; };
            const LimitState *found = nullptr;
            if (state) {
                const auto place = std::ranges::find_if(state->limits, counted);
                found = place == state->limits.end() ? nullptr : &*place;
            }
            line->show(value, found, editable);
        }
    }
}

bool LimitsCard::typedWrong() const
{
    return std::ranges::any_of(m_entries, [](const Entry &entry) { return std::ranges::any_of(entry.lines, [](const auto &line) { return widgets::isInvalid(line->limit); }); });
}

} // namespace ui::budgets
