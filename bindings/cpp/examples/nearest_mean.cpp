// nearest-mean-cpp: the nearest class mean in C++, a method plugin to start your own from.
//
//     c++ -std=c++20 -O2 -shared -fPIC -I<folder of assay.hpp> nearest_mean.cpp
//       -o libassay-nearest-mean-cpp.so
//
// Each training row is brought to unit length, the rows of a class are averaged, and a query row
// scores `scale` times its cosine to each mean. `assay info classify` lists what fit and predict
// may ask for.
#include "assay.hpp"

#include <cmath>
#include <numeric>

namespace {

double dot(std::span<const float> x, std::span<const float> y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0, std::plus<>(),
                            [](float a, float b) { return static_cast<double>(a) * b; });
}

// What brings a vector to unit length; 0 for zeros.
double inverse_norm(std::span<const float> x) {
  double square = dot(x, x);
  return square > 0 ? 1 / std::sqrt(square) : 0;
}

class NearestMean {
 public:
  NearestMean(const assay::Host&, const assay::Run&, const assay::Config& config)
      : scale_(static_cast<float>(config.number("scale"))) {}

  void fit(const assay::Call& call) {
    auto rows = call.in<float>("train.features", 2);
    auto labels = call.in<std::int32_t>("train.labels", 1).elements();
    auto classes = static_cast<std::size_t>(call.in<std::int32_t>("class.count", 0).value());
    std::size_t width = rows.extent(1);
    // Sums of unit rows in double. The direction of the mean is the direction of the sum.
    std::vector<std::vector<double>> sums(classes, std::vector<double>(width));
    for (std::size_t i = 0; i < labels.size(); i++) {
      double factor = inverse_norm(rows.row(i));
      std::vector<double>& sum = sums[static_cast<std::size_t>(labels[i])];
      for (std::size_t j = 0; j < width; j++) sum[j] += factor * rows.row(i)[j];
    }
    width_ = width;
    means_.assign(classes, std::vector<float>(width));
    for (std::size_t k = 0; k < classes; k++) {
      double square = std::inner_product(sums[k].begin(), sums[k].end(), sums[k].begin(), 0.0);
      if (square == 0) means_[k].clear();
      for (std::size_t j = 0; j < means_[k].size(); j++)
        means_[k][j] = static_cast<float>(sums[k][j] / std::sqrt(square));
    }
    fitted_ = true;
  }

  void predict(const assay::Call& call) {
    if (!fitted_) throw assay::Error(ASSAY_E_STATE, "predict needs fit first");
    auto rows = call.in<float>("query.features", 2);
    auto logits = call.out<float>("logits", 2);
    if (rows.extent(1) != width_)
      throw assay::Error(ASSAY_E_CONTRACT, "query.features has another width than train.features");
    for (std::size_t i = 0; i < rows.extent(0); i++) {
      double factor = scale_ * inverse_norm(rows.row(i));
      for (std::size_t k = 0; k < means_.size(); k++) {
        // A class without training rows has the lowest cosine.
        logits.row(i)[k] = means_[k].empty()
                               ? -scale_
                               : static_cast<float>(factor * dot(rows.row(i), means_[k]));
      }
    }
  }

 private:
  float scale_;
  bool fitted_ = false;
  std::size_t width_ = 0;
  std::vector<std::vector<float>> means_;  // of unit length, empty for a class without rows
};

constexpr assay_input inputs[] = {
    assay::required("train.features"),
    assay::required("train.labels"),
    assay::required("class.count"),
    assay::required("query.features"),
};
constexpr assay_claim claims[] = {assay::claim("classify", inputs)};

constexpr assay_method methods[] = {assay::method<NearestMean>({
    .id = "nearest-mean-cpp",
    .version = "1.0.0",
    .summary = "Scores each class by the cosine to the mean of its training rows, in C++.",
    .license = "Apache-2.0",
    .references = "doi:10.1007/978-3-642-33709-3_35",
    .config_schema = R"({"type":"object","additionalProperties":false,"properties":{
      "scale":{"type":"number","minimum":0.001,"maximum":10000,"default":100,
        "description":"What the cosine is multiplied by."}}})",
    .flags = ASSAY_METHOD_NEEDS_FIT | ASSAY_METHOD_DETERMINISTIC | ASSAY_METHOD_ROW_INDEPENDENT,
    .claims = claims,
})};

}  // namespace

ASSAY_LIBRARY(methods)
