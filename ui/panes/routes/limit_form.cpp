// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/inspector.h"
#include "ui/widgets/number_field.h"

#include <QComboBox>
#include <QSignalBlocker>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;
using gateway::Period;

namespace {

using Count = std::optional<std::int64_t>;

/// A form for a limit: what may pass in which time, counted for whom.
class LimitForm final : public NodeForm
{
    Q_OBJECT
public:
    explicit LimitForm(QWidget *parent) : NodeForm(parent), m_amount(new QLineEdit), m_per(new QComboBox), m_each(new QComboBox)
    {
        auto *column = columnOf(this);
        FieldGrid grid(column);
        addCount(grid, tr("Requests"), tr("a minute"), &LimitNode::rpm, u"rpm"_s);
        addCount(grid, tr("Tokens"), tr("a minute"), &LimitNode::tpm, u"tpm"_s);
        addCount(grid, tr("Tokens"), tr("a day"), &LimitNode::tpd, u"tpd"_s);
        addCount(grid, tr("At once"), tr("calls in flight"), &LimitNode::parallel, u"parallel"_s);
        setUpAmount(grid);
        addLine(column);
        auto *note = words(tr("Calls go on within the limit until one of these is used up, and then the other way. Rates are counted in sliding windows, money by the calendar; the counts are this node's own and begin anew with the gateway."));
        note->setContentsMargins(16, 10, 16, 12);
        column->addWidget(note);
        column->addStretch(1);
    }

    void show(const Editing &editing) override
    {
        m_editing = editing;
        const LimitNode *limit = node();
        if (!limit)
            return;
        for (const Field &field : m_counts) {
            Count typed;
            if (!readCount(field.line->text(), typed) || typed != limit->*field.member)
                setCount(field, limit->*field.member);
            setEditable({field.line}, editing.editable);
        }
        const auto typed = gateway::Money::parse(bridge::utf8(m_amount->text().trimmed()));
        if (!m_amount->hasFocus() || (typed && limit->amount != *typed))
            setTextQuietly(m_amount, limit->amount ? bridge::qt(limit->amount->toDecimal()) : QString());
        const QSignalBlocker quietPer(m_per), quietEach(m_each);
        m_per->setCurrentIndex(m_per->findData(int(limit->per)));
        m_each->setCurrentIndex(m_each->findData(int(limit->each)));
        setEditable({m_amount, m_per, m_each}, editing.editable);
        m_per->setEnabled(editing.editable && limit->amount.has_value());
    }
    using NodeForm::show;
    QWidget *firstField() override { return m_counts[0].line; }

private:
    struct Field
    {
        QLineEdit *line = nullptr;
        Count LimitNode::*member = nullptr;
    };

    void addCount(FieldGrid &grid, const QString &label, const QString &unit, Count LimitNode::*member, const QString &name)
    {
        auto *line = new QLineEdit;
        line->setObjectName(u"routes.inspector.limit."_s + name);
        line->setPlaceholderText(unit);
        line->setToolTip(u"%1 %2"_s.arg(label, unit));
        grid.add(label, line);
        line->setAccessibleName(u"%1 %2"_s.arg(label, unit));
        m_counts[m_used++] = {line, member};
        connect(line, &QLineEdit::textEdited, this, [this, line, member, name](const QString &text) {
            Count count;
            const bool fine = readCount(text, count);
            setInvalid(line, fine ? QString() : tr("Must be a whole number above 0, or nothing"));
            if (fine)
                change([count, member](LimitNode &limit) { limit.*member = count; }, name);
        });
    }

    static void setCount(const Field &field, const Count &value)
    {
        setInvalid(field.line, {});
        setTextQuietly(field.line, value ? QString::number(*value) : QString());
    }

    void setUpAmount(FieldGrid &grid)
    {
        m_amount->setObjectName(u"routes.inspector.limit.amount"_s);
        m_amount->setPlaceholderText(tr("dollars"));
        grid.add(tr("Spent, $"), m_amount);
        m_per->setObjectName(u"routes.inspector.limit.per"_s);
        m_per->addItem(tr("an hour"), int(Period::Hour));
        m_per->addItem(tr("a day"), int(Period::Day));
        m_per->addItem(tr("a week"), int(Period::Week));
        m_per->addItem(tr("a month"), int(Period::Month));
        m_per->addItem(tr("in all"), int(Period::Total));
        grid.add(tr("Spent in"), m_per);
        m_each->setObjectName(u"routes.inspector.limit.each"_s);
        m_each->addItem(tr("all calls together"), int(LimitEach::Route));
        m_each->addItem(tr("each key"), int(LimitEach::Key));
        m_each->addItem(tr("each team"), int(LimitEach::Team));
        m_each->addItem(tr("each customer"), int(LimitEach::Customer));
        grid.add(tr("Counted for"), m_each);
        connect(m_amount, &QLineEdit::textEdited, this, &LimitForm::readAmount);
        connect(m_per, &QComboBox::activated, this, [this] { change([per = Period(m_per->currentData().toInt())](LimitNode &limit) { limit.per = per; }); });
        connect(m_each, &QComboBox::activated, this, [this] { change([each = LimitEach(m_each->currentData().toInt())](LimitNode &limit) { limit.each = each; }); });
    }

    void readAmount(const QString &typed)
    {
        std::optional<gateway::Money> amount;
        QString problem;
        if (!typed.trimmed().isEmpty()) {
            const auto read = gateway::Money::parse(bridge::utf8(typed.trimmed()));
            if (!read)
                problem = bridge::qt(read.error().message);
            else
                amount = *read;
        }
        setInvalid(m_amount, problem);
        if (problem.isEmpty())
            change([amount](LimitNode &limit) { limit.amount = amount; }, u"amount"_s);
    }

    [[nodiscard]] const LimitNode *node() const
    {
        const PlanNode *found = m_editing.route ? nodeAt(m_editing.route->plan, m_editing.path) : nullptr;
        return found ? std::get_if<LimitNode>(&found->node) : nullptr;
    }

    void change(const std::function<void(LimitNode &)> &edit, const QString &merge = {})
    {
        if (!node() || !m_editing.editable)
            return;
        m_editing.edit(tr("what a limit lets pass"), [path = m_editing.path, edit](Route &route) {
            if (auto *found = std::get_if<LimitNode>(&nodeAt(route.plan, path)->node))
                edit(*found);
        }, merge);
    }

    Editing m_editing;
    std::array<Field, 4> m_counts;
    std::size_t m_used = 0;
    QLineEdit *m_amount;
    QComboBox *m_per, *m_each;
};

} // namespace

NodeForm *makeLimitForm(QWidget *parent) { return new LimitForm(parent); }

} // namespace ui::routes

#include "limit_form.moc"
