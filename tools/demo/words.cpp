#include "tools/demo/words.h"

namespace vellum::demo {
namespace {

using Word = std::string_view;

constexpr Word kRepairThings[] = {"<i>TP53</i>", "the <i>ATM</i> kinase", "PARP1", "the 53BP1 focus", "γH2AX"};
constexpr Word kRepairProcesses[] = {"double-strand break repair", "checkpoint recovery", "replication stress"};
constexpr Word kTelomereThings[] = {"short telomeres", "the shelterin complex", "hTERT", "<i>TERC</i>"};
constexpr Word kTelomereProcesses[] = {"telomere shortening", "replicative ageing", "end protection"};
constexpr Word kSenescenceThings[] = {"p16<sup>INK4a</sup>", "the secretory phenotype", "senescent fibroblasts", "p21"};
constexpr Word kSenescenceProcesses[] = {"growth arrest", "clearance of senescent cells", "paracrine senescence"};
constexpr Word kMitoThings[] = {"mitochondrial DNA", "NAD<sup>+</sup>", "the permeability pore", "PGC-1α"};
constexpr Word kMitoProcesses[] = {"mitophagy", "oxidative phosphorylation", "H<sub>2</sub>O<sub>2</sub> signalling"};
constexpr Word kImmuneThings[] = {"CD8<sup>+</sup> T cells", "natural killer cells", "interleukin-6",
                                  "the inflammasome"};
constexpr Word kImmuneProcesses[] = {"immune surveillance", "chronic inflammation", "T-cell exhaustion"};
constexpr Word kMatrixThings[] = {"matrix metalloproteinase 9", "type I collagen", "fibronectin", "integrin α5β1"};
constexpr Word kMatrixProcesses[] = {"matrix degradation", "tissue stiffening", "cell invasion"};
constexpr Word kStemThings[] = {"haematopoietic stem cells", "the niche", "<i>Lgr5</i><sup>+</sup> cells", "Notch"};
constexpr Word kStemProcesses[] = {"self-renewal", "lineage choice", "stem-cell exhaustion"};
constexpr Word kAutophagyThings[] = {"the lysosome", "mTORC1", "<i>ATG7</i>", "LC3-II"};
constexpr Word kAutophagyProcesses[] = {"autophagic flux", "protein turnover", "nutrient sensing"};

constexpr Topic kTopics[] = {
    {"DNA repair", "DNA Damage", kRepairThings, kRepairProcesses},
    {"telomere biology", "Telomere", kTelomereThings, kTelomereProcesses},
    {"cellular senescence", "Cellular Senescence", kSenescenceThings, kSenescenceProcesses},
    {"mitochondrial function", "Mitochondria", kMitoThings, kMitoProcesses},
    {"tumour immunity", "Immunologic Surveillance", kImmuneThings, kImmuneProcesses},
    {"the extracellular matrix", "Extracellular Matrix", kMatrixThings, kMatrixProcesses},
    {"stem cell ageing", "Stem Cells", kStemThings, kStemProcesses},
    {"autophagy", "Autophagy", kAutophagyThings, kAutophagyProcesses},
};

constexpr Journal kJournals[] = {
    {"Journal of Imagined Cell Biology", "J Imagin Cell Biol", "9999-0016", "jicb"},
    {"Annals of Invented Oncology", "Ann Invent Oncol", "9999-0024", "aio"},
    {"Ageing and Fiction", "Ageing Fict", "9999-0032", "agefic"},
    {"The Demonstration Journal of Medicine", "Demonstr J Med", "9999-0040", "DJM"},
    {"Proceedings of the Paper Academy", "Proc Pap Acad", "9999-0059", "ppa"},
    {"Hypothetical Biochemistry", "Hypothet Biochem", "9999-0067", "hb"},
    {"Nowhere Reports", "Nowhere Rep", "9999-0075", "NWR"},
    {"Zeitschrift für erdachte Zellforschung", "Z Erdachte Zellforsch", "9999-0083", "zez"},
};

constexpr GivenName kGivenNames[] = {
    {"Zoë", "Z"},      {"José María", "JM"}, {"Łucja", "Ł"},   {"Søren", "S"},   {"Chung-Hee", "CH"},
    {"Aoife", "A"},    {"Thị Hạnh", "TH"},   {"Olumide", "O"}, {"Priya", "P"},   {"Ingrid", "I"},
    {"Mateo J", "MJ"}, {"Wei", "W"},         {"Anna K", "AK"}, {"Rui", "R"},     {"Jean-Luc", "JL"},
    {"Fatima", "F"},   {"Dmitri", "D"},      {"Noa", "N"},     {"Hana", "H"},    {"Kofi", "K"},
    {"Élise", "É"},    {"Tomáš", "T"},       {"Yuki", "Y"},    {"Beatriz", "B"},
};

constexpr Word kFamilyNames[] = {
    "Lindqvist",  "Ibáñez-Ruiz", "Wójcik",      "Kjærgaard", "Parkhill",   "O'Mallory", "Nguyenova", "Adebayor",
    "Ramanathan", "Solheim",     "de la Torre", "Zhangwei",  "Kowalczuk",  "Ferreira",  "van Doorn", "al-Sayegh",
    "Petrovsky",  "Ben-Amos",    "Novotná",     "Mensahene", "Dubois-Roy", "Svobodová", "Tanakura",  "Guimarães",
};

constexpr Word kInstitutions[] = {
    "Institute of Imagined Biology, University of Exampleton, Exampleton",
    "Department of Invented Oncology, Sample City Hospital, Sample City",
    "Centre for Demonstration Medicine, Paper Academy, Nowhere",
    "Laboratory of Hypothetical Biochemistry, Université de l'Exemple, Villexemple",
    "Abteilung für erdachte Zellforschung, Universität Musterstadt, Musterstadt",
    "School of Placeholder Sciences, North Template University, Template Bay",
};

constexpr Word kSettings[] = {
    "in aged mice",          "in human fibroblasts",   "in pancreatic tumours", "after ionising radiation",
    "during wound healing",  "in a zebrafish model",   "under low oxygen",      "in patients with early-stage disease",
    "across twelve tissues", "in primary hepatocytes", "during embryogenesis",  "in long-lived rodents",
};

constexpr Word kMethods[] = {
    "We followed 48 animals for 26 weeks and sequenced RNA from single cells at five time points",
    "Live imaging, proteomics and a genome-wide knock-out screen were combined in three cell lines",
    "We re-analysed 1,204 biopsies and confirmed the main result in an independent cohort",
    "A conditional knock-out was compared with littermate controls, blinded to genotype",
    "Cells were exposed to 2–8 Gy, and survival was counted after 14 days (n = 6 per group)",
    "We built a mathematical model of the pathway and tested its four predictions in culture",
};

constexpr Word kFindings[] = {
    "was reduced by 37 % (95 % CI 29–45 %; P < 0.001)", "rose threefold within 48 h and stayed high",
    "depended on the dose in all but one cell line",    "was restored when the pathway was blocked",
    "did not differ between the groups (P = 0.62)",     "came before any change in cell morphology",
};

constexpr Word kCautions[] = {
    "Whether this holds in patients remains to be shown",  "These results argue against a single, linear pathway",
    "The effect was small, and larger studies are needed", "Our data suggest a target that existing drugs could reach",
    "This may explain why earlier trials disagreed",
};

constexpr Word kCommonMesh[] = {
    "Animals",
    "Humans",
    "Mice",
    "Aged",
    "Female",
    "Male",
    "Neoplasms / pathology",
    "Signal Transduction",
    "Disease Models, Animal",
    "Cell Line, Tumor",
    "Aging / physiology",
    "Gene Expression Regulation",
};

constexpr Word kSubstances[] = {"Tumor Suppressor Protein p53",          "Interleukin-6", "Reactive Oxygen Species",
                                "Cyclin-Dependent Kinase Inhibitor p16", "Telomerase",    "NAD"};

constexpr Word kPublicationTypes[] = {"Journal Article", "Review", "Research Support, Non-U.S. Gov't",
                                      "Comparative Study", "Clinical Trial"};

}  // namespace

std::span<const Topic> topics() {
  return kTopics;
}
std::span<const Journal> journals() {
  return kJournals;
}
std::span<const GivenName> given_names() {
  return kGivenNames;
}
std::span<const std::string_view> family_names() {
  return kFamilyNames;
}
std::span<const std::string_view> institutions() {
  return kInstitutions;
}
std::span<const std::string_view> settings() {
  return kSettings;
}
std::span<const std::string_view> methods() {
  return kMethods;
}
std::span<const std::string_view> findings() {
  return kFindings;
}
std::span<const std::string_view> cautions() {
  return kCautions;
}
std::span<const std::string_view> common_mesh() {
  return kCommonMesh;
}
std::span<const std::string_view> substances() {
  return kSubstances;
}
std::span<const std::string_view> publication_types() {
  return kPublicationTypes;
}

}  // namespace vellum::demo
