// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/condition_fields.h"
#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/inspector.h"
#include "ui/panes/routes/plan_words.h"

#include <QComboBox>
#include <QCompleter>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

constexpr int heaviest = 1'000'000; // as the configuration allows

struct Choice
{
    BalanceBy by;
    const char *name, *says;
};
constexpr Choice choices[] {
    {BalanceBy::Latency, QT_TRANSLATE_NOOP("ui::routes", "Latency"), QT_TRANSLATE_NOOP("ui::routes", "The fastest of late: time to first token and tokens a second.")},
    {BalanceBy::Cost, QT_TRANSLATE_NOOP("ui::routes", "Cost"), QT_TRANSLATE_NOOP("ui::routes", "The cheapest for this call, by the prices and its estimated tokens.")},
    {BalanceBy::LeastBusy, QT_TRANSLATE_NOOP("ui::routes", "Least busy"), QT_TRANSLATE_NOOP("ui::routes", "The one with the fewest calls in flight.")},
    {BalanceBy::Usage, QT_TRANSLATE_NOOP("ui::routes", "Usage"), QT_TRANSLATE_NOOP("ui::routes", "The one with the most room under its credentials' rpm and tpm.")},
    {BalanceBy::Weight, QT_TRANSLATE_NOOP("ui::routes", "Weight"), QT_TRANSLATE_NOOP("ui::routes", "Drawn by weight.")},
    {BalanceBy::RoundRobin, QT_TRANSLATE_NOOP("ui::routes", "Round robin"), QT_TRANSLATE_NOOP("ui::routes", "One after another, by weight.")},
    {BalanceBy::Hash, QT_TRANSLATE_NOOP("ui::routes", "Hash"), QT_TRANSLATE_NOOP("ui::routes", "Equal values of a field go to the same one, so that a session keeps its prompt cache.")},
};

bool looksAtWeights(BalanceBy by) { return by == BalanceBy::Weight || by == BalanceBy::RoundRobin || by == BalanceBy::Hash; }

class BalanceForm final : public NodeForm
{
    Q_OBJECT
public:
    explicit BalanceForm(QWidget *parent) : NodeForm(parent), m_by(new QComboBox), m_hashOn(new QComboBox), m_says(words({}))
    {
        auto *column = columnOf(this);
        FieldGrid grid(column);
        m_by->setObjectName(u"routes.inspector.balance.by"_s);
        for (const Choice &choice : choices)
            m_by->addItem(QCoreApplication::translate("ui::routes", choice.name), int(choice.by));
        grid.add(tr("Choose by"), m_by);
        grid.addWide(m_says);
        setUpHashOn(grid);
        m_rowsColumn = new QVBoxLayout;
        column->addLayout(m_rowsColumn);
        addLine(column);
        auto *note = words(tr("Where the chosen one fails, the next best is asked."));
        note->setContentsMargins(16, 10, 16, 12);
        column->addWidget(note);
        column->addStretch(1);
        connect(m_by, &QComboBox::activated, this, [this] {
            change(tr("what a balance looks at"), [by = BalanceBy(m_by->currentData().toInt())](BalanceNode &node) {
                node.by = by;
                if (by != BalanceBy::Hash)
                    node.hashOn.clear(); // it is for that alone
                else if (node.hashOn.empty())
                    node.hashOn = "session";
            });
        });
    }

    void show(const Editing &editing) override
    {
        m_editing = editing;
        const BalanceNode *balance = node();
        if (!balance)
            return;
        const QSignalBlocker quietBy(m_by), quietHash(m_hashOn);
        m_by->setCurrentIndex(m_by->findData(int(balance->by)));
        m_says->setText(QCoreApplication::translate("ui::routes", choices[m_by->currentIndex()].says));
        const bool hash = balance->by == BalanceBy::Hash;
        m_hashOn->setVisible(hash);
        m_hashLabel->setVisible(hash);
        if (m_hashOn->currentText() != bridge::qt(balance->hashOn))
            m_hashOn->setEditText(bridge::qt(balance->hashOn));
        const auto problem = hash ? conditionFieldProblem(balance->hashOn) : std::nullopt;
        setInvalid(m_hashOn, problem ? bridge::qt(*problem) : QString());
        showWeights(*balance);
        setEditable({m_by, m_hashOn}, editing.editable);
    }
    using NodeForm::show;
    QWidget *firstField() override { return m_by; }

private:
    void setUpHashOn(FieldGrid &grid)
    {
        m_hashOn->setObjectName(u"routes.inspector.balance.hashOn"_s);
        m_hashOn->setEditable(true);
        m_hashOn->setInsertPolicy(QComboBox::NoInsert);
        m_hashOn->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_hashOn->completer()->setFilterMode(Qt::MatchContains);
        for (const ConditionField &field : conditionFields())
            if (field.kind != FieldKind::Bool)
                m_hashOn->addItem(bridge::qt(field.name));
        m_hashLabel = grid.add(tr("Same"), m_hashOn);
        connect(m_hashOn, &QComboBox::editTextChanged, this, [this](const QString &text) {
            change(tr("what a balance keeps together"), [field = bridge::utf8(text.trimmed())](BalanceNode &node) { node.hashOn = field; }, u"hash"_s);
        });
    }

    [[nodiscard]] const BalanceNode *node() const
    {
        const PlanNode *found = m_editing.route ? nodeAt(m_editing.route->plan, m_editing.path) : nullptr;
        return found ? std::get_if<BalanceNode>(&found->node) : nullptr;
    }

    void change(const QString &what, const std::function<void(BalanceNode &)> &edit, const QString &merge = {})
    {
        if (!node() || !m_editing.editable)
            return;
        m_editing.edit(what, [path = m_editing.path, edit](Route &route) {
            if (auto *found = std::get_if<BalanceNode>(&nodeAt(route.plan, path)->node))
                edit(*found);
        }, merge);
    }

    /// Shown where they count, or stand there all the same.
    void showWeights(const BalanceNode &balance)
    {
        const auto count = static_cast<qsizetype>(balance.among.size());
        if (m_weights.size() != count)
            makeRows(count);
        bool weighted = looksAtWeights(balance.by);
        for (qsizetype i = 0; i < count; ++i) {
            const BalanceBranch &branch = balance.among[static_cast<std::size_t>(i)];
            const QSignalBlocker quiet(m_weights[i]);
            m_weights[i]->setValue(branch.weight);
            m_weights[i]->setEnabled(m_editing.editable);
            m_labels[i]->setText(titleOf(branch.to));
            m_weights[i]->setAccessibleName(tr("Weight of %1").arg(m_labels[i]->text()));
            weighted = weighted || branch.weight != 1;
        }
        m_box->setVisible(weighted);
    }

    void makeRows(qsizetype count)
    {
        delete m_box;
        m_labels.clear();
        m_weights.clear();
        m_box = new QWidget;
        auto *grid = new QGridLayout(m_box);
        grid->setContentsMargins(16, 0, 16, 12);
        grid->setVerticalSpacing(8);
        grid->setColumnStretch(0, 1);
        for (int i = 0; i < count; ++i) {
            m_labels << new Label(Label::Kind::Body);
            m_labels[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
            m_weights << new QSpinBox;
            m_weights[i]->setObjectName(u"routes.inspector.weight.%1"_s.arg(i));
            m_weights[i]->setRange(1, heaviest);
            m_weights[i]->setFixedWidth(88);
            m_weights[i]->setMinimumHeight(28);
            grid->addWidget(m_labels[i], i, 0);
            grid->addWidget(m_weights[i], i, 1);
            connect(m_weights[i], &QSpinBox::valueChanged, this, [this, i](int weight) {
                change(tr("weights of a balance"), [i, weight](BalanceNode &node) { node.among[static_cast<std::size_t>(i)].weight = weight; }, u"weight"_s);
            });
        }
        m_rowsColumn->addWidget(m_box);
    }

    Editing m_editing;
    QComboBox *m_by, *m_hashOn;
    Label *m_says, *m_hashLabel = nullptr;
    QVBoxLayout *m_rowsColumn;
    QWidget *m_box = nullptr;
    QList<Label *> m_labels;
    QList<QSpinBox *> m_weights;
};

} // namespace

NodeForm *makeBalanceForm(QWidget *parent) { return new BalanceForm(parent); }

} // namespace ui::routes

#include "balance_form.moc"
