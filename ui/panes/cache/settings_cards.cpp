// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/settings_cards.h"

#include "gateway/config/duration.h"
#include "ui/bridge/text.h"
#include "ui/panes/cache/likeness.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/segmented_control.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using bridge::utf8;
using gateway::config::CacheSettings;
using gateway::config::ExactCache;
using gateway::config::SemanticCache;
using widgets::CountField;
using widgets::Label;

namespace {

QGridLayout *makeGrid()
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 84);
    grid->setColumnStretch(1, 1);
    return grid;
}

/// "256 MB"; a person writes it with the space, the configuration without.
QString sizeWords(std::int64_t bytes)
{
    QString text = qt(gateway::config::sizeText(bytes));
    const qsizetype unit = std::distance(text.cbegin(), std::find_if(text.cbegin(), text.cend(), [](QChar c) { return c.isLetter(); }));
    return unit < text.size() ? text.insert(unit, u' ') : text;
}

std::optional<std::int64_t> readSize(const QString &typed)
{
    QString text = typed.toUpper();
    text.remove(u' ').remove(u',');
    const auto size = gateway::config::parseSize(utf8(text));
    return size && *size > 0 ? std::optional(*size) : std::nullopt;
}

bool makesEmbeddings(const QString &model) { return model.contains(u"embed"_s, Qt::CaseInsensitive); }

/// A provider's models: those whose names tell that they make embeddings come first.
QStringList embeddingsFirst(const gateway::config::Provider &provider)
{
    QStringList names;
    for (const auto &model : provider.models)
        names << qt(model.id);
    std::stable_partition(names.begin(), names.end(), makesEmbeddings);
    return names;
}

/// The first model that makes embeddings by its name; else the first provider's first one.
gateway::config::EmbedWith suggestion(const gateway::config::Config &config)
{
    gateway::config::EmbedWith first;
    for (const auto &provider : config.providers) {
        const QStringList models = embeddingsFirst(provider);
        const gateway::config::EmbedWith one {.lexical = false, .provider = provider.name, .model = models.isEmpty() ? std::string() : utf8(models.front())};
        if (!models.isEmpty() && makesEmbeddings(models.front()))
            return one;
        if (first.provider.empty())
            first = one;
    }
    return first;
}

} // namespace

ExactCard::ExactCard(QWidget *parent) : Card(tr("Exact"), tr("the same was asked before"), parent), m_entries(new CountField), m_bytes(new QLineEdit), m_persist(new QCheckBox(tr("Answers outlive a restart")))
{
    m_entries->setObjectName(u"cache.exact.entries"_s);
    m_bytes->setObjectName(u"cache.exact.bytes"_s);
    m_persist->setObjectName(u"cache.exact.persist"_s);
    m_persist->setToolTip(tr("They are kept in cache.db in the data folder."));
    m_bytes->setToolTip(tr("In memory, such as 64 MB or 2 GB"));
    auto *grid = makeGrid();
    panes::addField(grid, 0, 0, tr("Answers"), m_entries);
    panes::addField(grid, 1, 0, tr("Size"), m_bytes);
    grid->addWidget(m_persist, 2, 1);
    auto *column = new QVBoxLayout;
    column->setContentsMargins(12, 4, 12, 12);
    column->addLayout(grid);
    auto *note = new Label(Label::Kind::Note, tr("What is asked for once only goes first when one of the two is full."));
    note->setWordWrap(true);
    column->addWidget(note);
    column->addStretch(1);
    body()->addLayout(column);
    connect(m_entries, &CountField::valueEdited, this, [this] {
        if (const auto value = m_entries->value())
            Q_EMIT edited(tr("how many answers are kept"), [entries = *value](CacheSettings &settings) { settings.exact.maxEntries = entries; }, u"entries"_s);
        else
            widgets::setInvalid(m_entries, tr("A number is needed"));
    });
    connect(m_bytes, &QLineEdit::textEdited, this, [this](const QString &typed) {
        const auto size = readSize(typed);
        widgets::setInvalid(m_bytes, size ? QString() : tr("A size, such as 64 MB or 2 GB"));
        if (size)
            Q_EMIT edited(tr("size of the cache"), [bytes = *size](CacheSettings &settings) { settings.exact.maxBytes = bytes; }, u"bytes"_s);
    });
    for (const QLineEdit *field : {static_cast<QLineEdit *>(m_entries), m_bytes})
        connect(field, &QLineEdit::textEdited, this, &ExactCard::typed);
    connect(m_persist, &QCheckBox::clicked, this, [this](bool on) { Q_EMIT edited(tr("whether answers outlive a restart"), [on](CacheSettings &settings) { settings.exact.persist = on; }, {}); });
}

void ExactCard::show(const ExactCache &exact, bool editable, const FieldProblems &problems)
{
    m_entries->setValue(exact.maxEntries);
    const bool typing = m_bytes->hasFocus() && m_shownBytes == exact.maxBytes; // what cannot be read (yet) stays
    m_shownBytes = exact.maxBytes;
    if (!typing && readSize(m_bytes->text()) != exact.maxBytes) {
        m_bytes->setText(sizeWords(exact.maxBytes));
        widgets::setInvalid(m_bytes, {});
    }
    m_persist->setChecked(exact.persist);
    m_entries->setReadOnly(!editable);
    m_bytes->setReadOnly(!editable);
    m_persist->setEnabled(editable);
    panes::markField(m_entries, problems.value(u"exact.max_entries"_s));
    panes::markField(m_bytes, problems.value(u"exact.max_bytes"_s));
}

bool ExactCard::typedWrong() const { return widgets::isInvalid(m_entries) || widgets::isInvalid(m_bytes); }

SemanticCard::SemanticCard(QWidget *parent)
    : Card(tr("Semantic"), tr("something much like it was asked"), parent), m_way(new widgets::SegmentedControl({tr("Off"), tr("Built in"), tr("Model")})), m_note(new Label(Label::Kind::Note)), m_fields(new QWidget),
      m_provider(new QComboBox), m_model(new QComboBox), m_threshold(new QDoubleSpinBox), m_entries(new CountField)
{
    m_way->setObjectName(u"cache.semantic.way"_s);
    m_way->setAccessibleDescription(tr("What compares questions"));
    m_provider->setObjectName(u"cache.semantic.provider"_s);
    m_model->setObjectName(u"cache.semantic.model"_s);
    m_threshold->setObjectName(u"cache.semantic.threshold"_s);
    m_entries->setObjectName(u"cache.semantic.entries"_s);
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    for (QComboBox *box : {m_provider, m_model}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(10);
    }
    m_threshold->setRange(0.001, 1);
    m_threshold->setDecimals(3);
    m_threshold->setSingleStep(thresholdStep);
    m_threshold->setToolTip(tr("The least likeness that is a hit. The page Likeness shows what another one would do."));
    m_note->setWordWrap(true);
    auto *grid = makeGrid();
    m_fields->setLayout(grid);
    grid->setContentsMargins(0, 0, 0, 0);
    panes::addField(grid, 0, 0, tr("Provider"), m_provider);
    panes::addField(grid, 1, 0, tr("Model"), m_model);
    m_modelParts = {grid->itemAtPosition(0, 0)->widget(), m_provider, grid->itemAtPosition(1, 0)->widget(), m_model};
    panes::addField(grid, 2, 0, tr("Threshold"), m_threshold);
    panes::addField(grid, 3, 0, tr("Questions"), m_entries);
    auto *column = new QVBoxLayout;
    column->setContentsMargins(12, 4, 12, 12);
    column->setSpacing(8);
    column->addWidget(m_way, 0, Qt::AlignLeft);
    column->addWidget(m_note);
    column->addWidget(m_fields);
    column->addStretch(1);
    body()->addLayout(column);
    connect(m_way, &widgets::SegmentedControl::currentChanged, this, &SemanticCard::choose);
    connect(m_provider, &QComboBox::activated, this, [this] { setEmbedder(tr("provider of the embeddings"), m_provider->currentData().toString(), {}); });
    connect(m_model, &QComboBox::activated, this, [this] { setEmbedder(tr("model of the embeddings"), m_model->currentText(), {}); });
    connect(m_model->lineEdit(), &QLineEdit::textEdited, this, [this](const QString &typed) { setEmbedder(tr("model of the embeddings"), typed, u"model"_s); });
    connect(m_threshold, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        Q_EMIT edited(tr("common threshold"), [value](CacheSettings &settings) {
            if (settings.semantic)
                settings.semantic->threshold = value;
        }, u"threshold"_s);
    });
    connect(m_entries, &CountField::valueEdited, this, [this] {
        if (const auto value = m_entries->value()) {
            Q_EMIT edited(tr("how many questions are kept"), [entries = *value](CacheSettings &settings) {
                if (settings.semantic)
                    settings.semantic->maxEntries = entries;
            }, u"questions"_s);
        } else {
            widgets::setInvalid(m_entries, tr("A number is needed"));
        }
    });
    connect(m_entries, &QLineEdit::textEdited, this, &SemanticCard::typed);
}

/// Off and on again brings back what it was.
void SemanticCard::choose(int way)
{
    if (way == Off) {
        Q_EMIT edited(tr("semantic cache off"), [](CacheSettings &settings) { settings.semantic.reset(); }, {});
        return;
    }
    SemanticCache next = m_last;
    next.embedWith.lexical = way == Lexical;
    if (way == Lexical) {
        next.embedWith.provider.clear();
        next.embedWith.model.clear();
    } else if (next.embedWith.provider.empty()) {
        next.embedWith = m_suggested;
    }
    Q_EMIT edited(way == Lexical ? tr("questions compared by the built-in vectoriser") : tr("questions compared by a model"), [next](CacheSettings &settings) { settings.semantic = next; }, {});
}

void SemanticCard::setEmbedder(const QString &what, const QString &model, const QString &merge)
{
    Q_EMIT edited(what, [provider = utf8(m_provider->currentText()), model = utf8(model.trimmed())](CacheSettings &settings) {
        if (settings.semantic)
            settings.semantic->embedWith = {.lexical = false, .provider = provider, .model = model};
    }, merge);
}

void SemanticCard::fillModels(const QStringList &names)
{
    QStringList shown;
    for (int i = 0; i < m_model->count(); ++i)
        shown << m_model->itemText(i);
    if (shown == names)
        return;
    m_model->clear();
    m_model->addItems(names);
}

/// Providers, each with the model that is taken when it is chosen.
void SemanticCard::fillProviders(const gateway::config::Config &config, const QString &chosen)
{
    m_provider->clear();
    for (const auto &provider : config.providers) {
        const QStringList models = embeddingsFirst(provider);
        m_provider->addItem(qt(provider.name), models.isEmpty() ? QString() : models.front());
    }
    if (m_provider->findText(chosen) < 0)
        m_provider->insertItem(0, chosen); // one that is gone is shown as what it is
    m_provider->setCurrentIndex(m_provider->findText(chosen));
}

void SemanticCard::show(const gateway::config::Config &config, bool editable, const FieldProblems &problems)
{
    const auto &semantic = config.cache.semantic;
    m_on = semantic.has_value();
    if (semantic)
        m_last = *semantic;
    m_suggested = suggestion(config);
    const bool byModel = semantic && !semantic->embedWith.lexical;
    const QSignalBlocker quietWay(m_way), quietThreshold(m_threshold), quietModel(m_model);
    m_way->setCurrent(!semantic ? Off : byModel ? Model : Lexical);
    m_way->setEnabled(editable);
    m_fields->setVisible(m_on);
    m_note->setText(!m_on    ? tr("Only what is asked word by word alike is answered from the cache.")
                    : byModel ? tr("Each question that the exact cache does not have is sent to this model for its vector.")
                              : tr("Lexical: compares words, not meaning. No model is asked, nothing leaves this computer."));
    for (QWidget *part : std::as_const(m_modelParts))
        part->setVisible(byModel);
    if (!semantic)
        return;
    if (byModel) {
        fillProviders(config, qt(semantic->embedWith.provider));
        const auto provider = std::ranges::find(config.providers, semantic->embedWith.provider, &gateway::config::Provider::name);
        fillModels(provider == config.providers.end() ? QStringList() : embeddingsFirst(*provider));
        if (m_model->currentText().trimmed() != qt(semantic->embedWith.model))
            m_model->setEditText(qt(semantic->embedWith.model));
    }
    if (m_threshold->value() != semantic->threshold)
        m_threshold->setValue(semantic->threshold);
    m_entries->setValue(semantic->maxEntries);
    for (QWidget *field : QList<QWidget *> {m_provider, m_model, m_threshold})
        field->setEnabled(editable);
    m_entries->setReadOnly(!editable);
    panes::markField(m_provider, problems.value(u"semantic.embed_with.provider"_s));
    panes::markField(m_model, problems.value(u"semantic.embed_with.model"_s));
    panes::markField(m_threshold, problems.value(u"semantic.threshold"_s));
    panes::markField(m_entries, problems.value(u"semantic.max_entries"_s));
}

bool SemanticCard::typedWrong() const { return m_on && widgets::isInvalid(m_entries); }

} // namespace ui::cache
